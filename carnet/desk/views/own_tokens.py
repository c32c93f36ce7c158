"""« Mes jetons d’API »: one's own keys, for which no right is needed: none opens more than oneself may."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from carnet.desk.views.set_up_places import OWN_TOKENS
from carnet.desk.views.tokens import issue_page, list_page, revocation_page
from carnet.organisations.actions.tokens import own_tokens
from carnet.organisations.requests import OrganisationRequest


@require_GET
def tokens(request: OrganisationRequest) -> HttpResponse:
    return list_page(request, OWN_TOKENS, own_tokens(request.access))


@require_http_methods(["GET", "POST"])
def issue(request: OrganisationRequest) -> HttpResponse:
    return issue_page(request, OWN_TOKENS)


@require_http_methods(["GET", "POST"])
def revocation(request: OrganisationRequest, token_id: UUID) -> HttpResponse:
    return revocation_page(request, OWN_TOKENS, own_tokens(request.access), token_id)
