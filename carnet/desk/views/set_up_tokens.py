"""« Jetons d’API »: the keys with which programs come in, each issued once and revoked at once."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from carnet.desk.views.set_up_places import TOKENS
from carnet.desk.views.tokens import issue_page, list_page, revocation_page
from carnet.organisations.actions.tokens import tokens_within_reach
from carnet.organisations.requests import OrganisationRequest


@require_GET
def tokens(request: OrganisationRequest) -> HttpResponse:
    """The keys that are not revoked: everybody's for an administrator, else one's own."""
    request.access.require("profiles.edit")
    return list_page(request, TOKENS, tokens_within_reach(request.access))


@require_http_methods(["GET", "POST"])
def issue(request: OrganisationRequest) -> HttpResponse:
    """A new key, by an administrator for anybody."""
    request.access.require("profiles.edit")
    return issue_page(request, TOKENS)


@require_http_methods(["GET", "POST"])
def revocation(request: OrganisationRequest, token_id: UUID) -> HttpResponse:
    request.access.require("profiles.edit")
    return revocation_page(request, TOKENS, tokens_within_reach(request.access), token_id)
