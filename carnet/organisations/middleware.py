"""From the address to the organisation: who asks, in which one, in which language; and what a refusal looks like."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar, cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import get_script_prefix, set_script_prefix
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.functional import SimpleLazyObject

from carnet.base import clock
from carnet.base.errors import Hidden, TradeError, not_found
from carnet.base.scopes import open_organisation, scopes_disabled
from carnet.organisations.access import Access, with_restrictions
from carnet.organisations.doors import PAGE, address_of
from carnet.organisations.errors import Suspended
from carnet.organisations.models import Member, Organisation, User
from carnet.organisations.requests import OrganisationRequest
from carnet.organisations.second_step import is_missing

AnswerT = TypeVar("AnswerT", bound=HttpResponseBase)
Answer = Callable[[HttpRequest], HttpResponseBase]
PREFIX = "/o/"
LANGUAGE_COOKIE = settings.LANGUAGE_COOKIE_NAME
#: The organisation looked at last on this browser: where the first page leads.
LAST_COOKIE = "carnet-organisation"
YEAR = 365 * 86400


class LanguageMiddleware:
    """Speak the reader's language: the user's, else the one chosen on this browser, else the browser's own."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = _own_language(request) or translation.get_language_from_request(request)
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or language)
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response


def _own_language(request: HttpRequest) -> str:
    known = dict(settings.LANGUAGES)
    user = request.user
    if isinstance(user, User) and user.language in known:
        return user.language
    chosen = request.COOKIES.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in known else ""


class OrganisationMiddleware:
    """Open the organisation that the address names (/o/<slug>/…) for its members; for anyone else it does not exist."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return _outside(request, self.get_response(request))
        slug, slash, rest = request.path_info[len(PREFIX) :].partition("/")
        if not request.user.is_authenticated:
            return _sign_in_first(request)
        member = member_of(request.user, slug)
        if member is None:
            return _private(not_found(request))
        if not slash:
            return HttpResponseRedirect(request.path + "/")
        if member.organisation.suspended_at is not None and not Access.for_member(member).may("organisation.manage"):
            return _private(_suspended(request, member.organisation))
        if is_missing(member):
            return _second_step_first(request)
        request = cast(OrganisationRequest, request)
        request.organisation = member.organisation
        request.access = Access.for_member(member, door=PAGE, address=address_of(request))
        request.organisations = cast(Sequence[Organisation], SimpleLazyObject(lambda: organisations_of(request.user)))
        request.urlconf = "carnet.urls_organisation"
        outside = get_script_prefix()
        request.path_info = "/" + rest
        set_script_prefix(f"{outside.rstrip('/')}{PREFIX}{slug}/")
        language = _language_inside(request)
        try:
            with open_organisation(member.organisation), translation.override(language):
                response = self.get_response(request)
        finally:
            set_script_prefix(outside)
        response.headers.setdefault("Content-Language", language)
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            chunks = cast(Iterable[bytes], response.streaming_content)
            response.streaming_content = _within(member.organisation, language, iter(chunks))
        if not getattr(request, "htmx", False) and request.COOKIES.get(LAST_COOKIE) != slug:
            response.set_cookie(LAST_COOKIE, slug, max_age=YEAR, samesite="Lax", httponly=True, secure=settings.HTTPS)
        return _private(response)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal that the view did not show beside a field."""
        if not isinstance(exception, TradeError):
            return None
        if isinstance(exception, Hidden):
            return not_found(request)
        template = "base/_refusal.html" if getattr(request, "htmx", False) else "base/refusal.html"
        return render(request, template, {"error": exception}, status=exception.status)


def member_of(user: User, slug: str) -> Member | None:
    """Return as whom a sign-in enters the organisation, with its organisation, profile and role; None if it may not."""
    with scopes_disabled():
        found = (
            with_restrictions(Member.objects.filter(user=user, organisation__slug=slug, active=True), "profile")
            .select_related("organisation", "profile", "role")
            .first()
        )
    return None if found is None or found.organisation.is_gone(clock.now()) else found


def organisations_of(user: User) -> list[Organisation]:
    """Return the organisations that a sign-in opens, by name: what the switcher lists."""
    with scopes_disabled():
        ids = Member.objects.filter(user=user, active=True).values_list("organisation", flat=True)
        found = Organisation.objects.filter(pk__in=list(ids)).order_by("name")
    now = clock.now()
    return [one for one in found if not one.is_gone(now)]


def _suspended(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Say that the organisation rests, to who may not resume it."""
    context = {"rests": organisation, "error": Suspended()}
    language = _own_language(request) or organisation.language
    with translation.override(language):
        template = "base/_refusal.html" if getattr(request, "htmx", False) else "organisations/suspended.html"
        return render(request, template, context, status=Suspended.status)


def may_found_another(user: User) -> bool:
    """Return whether a sign-in may found a further organisation, as `CARNET_NEW_ORGANISATIONS` says."""
    if settings.NEW_ORGANISATIONS != "administrators":
        return bool(settings.NEW_ORGANISATIONS == "everybody")
    with scopes_disabled():
        return Member.objects.filter(user=user, active=True, profile__administrator=True).exists()


def name_of(user: User) -> str:
    """Return what a sign-in is called where it became a member last, "" if nowhere."""
    with scopes_disabled():
        return Member.objects.filter(user=user).order_by("-pk").values_list("name", flat=True).first() or ""


def _within(organisation: Organisation, language: str, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the chunks of an answer, each made while its organisation is open, and nothing left open in between."""
    while True:
        with open_organisation(organisation), translation.override(language):
            chunk = next(chunks, None)
        if chunk is None:
            return
        yield chunk


def _outside(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    return _private(response) if request.user.is_authenticated else response


def _private(response: AnswerT) -> AnswerT:
    """Keep what a signed-in reader sees out of shared caches (I4); an ETag may be asked again by its reader."""
    if not response.has_header("Cache-Control"):
        if response.has_header("ETag"):
            patch_cache_control(response, private=True, no_cache=True)
        else:
            patch_cache_control(response, private=True, no_store=True)
    return response


def _language_inside(request: OrganisationRequest) -> str:
    return _own_language(request) or request.organisation.language


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    return _elsewhere_first(request, f"{settings.LOGIN_URL}?{urlencode({'next': _place(request)})}")


def _second_step_first(request: HttpRequest) -> HttpResponse:
    """Lead to where a second step is set up: before that, nothing of the organisation is told (J9)."""
    place = _place(request)
    wanted = place if place.startswith(PREFIX) else request.path
    return _private(_elsewhere_first(request, f"/accounts/second-step/?{urlencode({'next': wanted})}"))


def _elsewhere_first(request: HttpRequest, address: str) -> HttpResponse:
    if getattr(request, "htmx", False):
        response = HttpResponse(status=401)
        response["HX-Redirect"] = address
        return response
    return HttpResponseRedirect(address)


def _place(request: HttpRequest) -> str:
    """Return where the reader stands: a page that can be opened again, never a fragment of it or a change."""
    details = getattr(request, "htmx", None)
    if details:
        return details.current_url_abs_path or request.path
    return request.get_full_path() if request.method in ("GET", "HEAD") else "/"
