"""Tokens: how a program gets into one organisation, as one of its members and never as more."""

from __future__ import annotations

from contextlib import ExitStack

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils import translation
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header
from ninja.security import HttpBearer

from carnet.base import clock
from carnet.base.prepared import Prepared
from carnet.base.scopes import open_organisation, scopes_disabled
from carnet.organisations.access import Access, with_modules, with_restrictions
from carnet.organisations.doors import address_of
from carnet.organisations.errors import Suspended
from carnet.organisations.models import Organisation, Token
from carnet.organisations.token_uses import note_use


class ApiRequest(HttpRequest):
    """A request to the API that has passed the token."""

    access: Access
    organisation: Organisation
    #: What stays open until the answer is written: the organisation's scope, the language.
    until_answered: ExitStack


class TokenAuth(HttpBearer):
    """`Authorization: Bearer <token>`: one query finds the organisation, its modules, the token and its member.

    With `seeing`, a permission, whoever lacks it meets nothing here, whatever is sent: before a body is read.
    """

    def __init__(self, seeing: str = "") -> None:
        super().__init__()
        self.seeing = seeing

    def authenticate(self, request: HttpRequest, token: str) -> Access | None:
        """Open the organisation for the rest of the request; None for a token that opens nothing.

        Raises Http404 where the token's organisation is not the one in the address, whether that one exists or not.
        """
        assert isinstance(getattr(request, "until_answered", None), ExitStack)
        found = living_token(token)
        if found is None:
            return None
        match = request.resolver_match
        if match is None or match.kwargs.get("organisation") != found.organisation.slug:
            raise Http404
        request.organisation = found.organisation  # type: ignore[attr-defined]
        request.access = access = Access.for_token(found, address=address_of(request))  # type: ignore[attr-defined]
        if found.organisation.suspended_at is not None:
            raise Suspended
        until_answered: ExitStack = request.until_answered  # type: ignore[attr-defined]
        until_answered.enter_context(open_organisation(found.organisation))
        note_use(found, access.now)
        if asked_language(request) is None:
            until_answered.enter_context(translation.override(found.organisation.language))
        if self.seeing:
            access.require(self.seeing)
        return access


def living_token(secret: str) -> Token | None:
    """Return the token of that secret unless it is revoked, expired, or its member or their sign-in is inactive."""
    # Whose organisation it is, only the token can tell: no scope can be open yet.
    with scopes_disabled():
        found = _by_hash.one(Token.hash_of(secret))
    # Here and not in the query: that is written once, and must not know the time.
    now = clock.now()
    return None if found is None or found.is_expired(now) or found.organisation.is_gone(now) else found


def _living(hashed: str) -> QuerySet[Token]:
    tokens = Token.objects.select_related("organisation", "member__profile", "member__role").filter(
        Q(member__user__isnull=True) | Q(member__user__is_active=True),
        hash=hashed,
        revoked_at__isnull=True,
        member__active=True,
    )
    return with_restrictions(with_modules(tokens, "organisation"), "member__profile")


_by_hash = Prepared(_living)


def asked_language(request: HttpRequest) -> str | None:
    """Return the first language of Accept-Language that we speak, None if it names none."""
    for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")[:500].lower()):
        try:
            return get_supported_language_variant(code)
        except LookupError:
            continue
    return None
