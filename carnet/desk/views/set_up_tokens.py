"""« Jetons d’API »: the keys with which programs come in, each issued once and revoked at once."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from carnet.base.errors import Invalid
from carnet.desk.forms.tokens import TokenForm
from carnet.desk.queries.rights import VERBS, words_of
from carnet.desk.sheets import open_page
from carnet.desk.views.set_up_places import TOKENS, Place, set_up_page, tell
from carnet.organisations.above import may_everything
from carnet.organisations.actions import issue_token, revoke_token
from carnet.organisations.actions.tokens import tokens_within_reach
from carnet.organisations.models import Token
from carnet.organisations.requests import OrganisationRequest


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A key as the list tells of it."""

    token: Token
    name: str
    opens: list[str]
    expired: bool


@require_GET
def tokens(request: OrganisationRequest) -> HttpResponse:
    """The keys that are not revoked: one's own, and everybody's for an administrator."""
    access = request.access
    found = tokens_within_reach(access).filter(revoked_at__isnull=True).order_by("-created_at", "-pk")
    lines = [
        TokenLine(one, _name(one), [words_of(each) for each in one.permissions], one.is_expired(access.now))
        for one in found
    ]
    return set_up_page(request, TOKENS, "tokens", {"lines": lines, "of_all": may_everything(access)})


@require_http_methods(["GET", "POST"])
def issue(request: OrganisationRequest) -> HttpResponse:
    """A new key; the answer shows it this once, so it is no redirect."""
    access = request.access
    access.require("set_up.edit")
    place = Place("token_new", _("New API token"), TOKENS)
    form = TokenForm(access, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            secret = issue_token(
                access, form.owner, name=data["name"], permissions=form.narrowed_to, expires_at=form.expires_at
            )
        except Invalid as error:
            tell(form, error)
        else:
            return set_up_page(request, place, "token_issued", {"secret": secret, "name": data["name"]})
    context = {"form": form, "verbs": VERBS.values()}
    return set_up_page(request, place, "token_new", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def revocation(request: OrganisationRequest, token_id: UUID) -> HttpResponse:
    """Ask whether a key is to be revoked, and do it."""
    found = get_object_or_404(tokens_within_reach(request.access), public_id=token_id)
    if request.method == "POST":
        revoke_token(request.access, found)
        messages.success(request, _("The token %(name)s opens nothing any more.") % {"name": _name(found)})
        return open_page(request, TOKENS.url)
    place = Place("token_revocation", _("Revoke the token?"), TOKENS, arguments=(found.public_id,))
    return set_up_page(request, place, "token_revocation", {"token": found, "name": _name(found)})


def _name(token: Token) -> str:
    return token.name or _("without a name")
