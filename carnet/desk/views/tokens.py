"""Keys to the API as pages show them: everybody's in the set-up, one's own in the menu of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from carnet.base.errors import Invalid
from carnet.desk.forms.tokens import TokenForm
from carnet.desk.queries.rights import VERBS, words_of
from carnet.desk.sheets import open_page
from carnet.desk.views.set_up_places import OWN_TOKENS, TOKENS, Place, set_up_page, tell
from carnet.organisations.above import may_everything
from carnet.organisations.actions import issue_token, revoke_token
from carnet.organisations.models import Token
from carnet.organisations.requests import OrganisationRequest

#: List -> the views that issue a key and revoke one.
_VIEWS: Final = {
    TOKENS.view: ("token_new", "token_revocation"),
    OWN_TOKENS.view: ("own_token_new", "own_token_revocation"),
}


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A key as the list tells of it."""

    token: Token
    name: str
    opens: list[str]
    expired: bool
    revocation_url: str


def list_page(request: OrganisationRequest, place: Place, tokens: QuerySet[Token]) -> HttpResponse:
    """Answer with those of `tokens` that are not revoked, the newest first."""
    access = request.access
    new, revocation = _VIEWS[place.view]
    lines = [
        TokenLine(
            one,
            _name(one),
            [words_of(each) for each in one.permissions],
            one.is_expired(access.now),
            reverse(revocation, args=[one.public_id]),
        )
        for one in tokens.filter(revoked_at__isnull=True).order_by("-created_at", "-pk")
    ]
    of_all = place == TOKENS and may_everything(access)
    return set_up_page(request, place, "tokens", {"lines": lines, "of_all": of_all, "new_url": reverse(new)})


def issue_page(request: OrganisationRequest, within: Place) -> HttpResponse:
    """Answer with the form of a new key, or with the key; it is shown this once, so that is no redirect."""
    access = request.access
    place = Place(_VIEWS[within.view][0], _("New API token"), within)
    form = TokenForm(access, request.POST if request.method == "POST" else None, for_oneself=within == OWN_TOKENS)
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


def revocation_page(
    request: OrganisationRequest, within: Place, tokens: QuerySet[Token], token_id: UUID
) -> HttpResponse:
    """Ask whether one of `tokens` is to be revoked, and do it."""
    found = get_object_or_404(tokens, public_id=token_id)
    if request.method == "POST":
        revoke_token(request.access, found)
        messages.success(request, _("The token %(name)s opens nothing any more.") % {"name": _name(found)})
        return open_page(request, within.url)
    place = Place(_VIEWS[within.view][1], _("Revoke the token?"), within, arguments=(found.public_id,))
    return set_up_page(request, place, "token_revocation", {"token": found, "name": _name(found)})


def _name(token: Token) -> str:
    return token.name or _("without a name")
