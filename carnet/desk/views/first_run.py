"""The first run: one page from an empty folder to an empty calendar."""

from __future__ import annotations

from dataclasses import fields

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from carnet.base import clock
from carnet.base.errors import Invalid
from carnet.desk.actions import Founding, found_business
from carnet.desk.forms.first_run import FirstRunForm, ordinary_hours, proposed
from carnet.organisations import first_run as link
from carnet.organisations.countries import country_of, first_region
from carnet.organisations.models import Member
from carnet.resources.actions.closures import holidays_of


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def first_run(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask what a business begins with; once there is one, this page is gone (J8)."""
    if not link.opens(secret):
        raise Http404
    if request.method == "GET":
        reader = get_language() or "fr"
        country = country_of("FR" if reader == "fr" else "GB", language=reader)
        return _draw(request, FirstRunForm(initial={**proposed(country), **ordinary_hours()}))
    if "propose" in request.POST:
        return _draw(request, _proposal(request))
    form = FirstRunForm(request.POST)
    member = _founded(form)
    if member is None:
        return _draw(request, form, status=422)
    assert member.user is not None
    login(request, member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return HttpResponseRedirect(f"/o/{member.organisation.slug}/", status=303)


def _founded(form: FirstRunForm) -> Member | None:
    """Found the business as typed and return its administrator, None with the form's errors told."""
    if not form.is_valid():
        return None
    asked = {field.name: form.cleaned_data[field.name] for field in fields(Founding) if field.name in form.cleaned_data}
    try:
        with link.taken():
            return found_business(Founding(**asked, hours=form.windows()), clock.now())[1]
    except link.LinkTaken:
        raise Http404 from None
    except Invalid as error:
        for name, text in error.errors.items():
            form.add_error(name if name in form.fields else None, str(text))
        return None


def _proposal(request: HttpRequest) -> FirstRunForm:
    """Return the form with what was typed, and what the chosen country proposes in place of what another did."""
    reader = get_language() or "fr"
    asked, before = request.POST.get("country", ""), request.POST.get("proposed", "")
    # A region is one of the country it was chosen in.
    region = request.POST.get("region", "") if asked == before else first_region(asked, reader)
    return FirstRunForm(initial={**request.POST.dict(), **proposed(country_of(asked, region, reader))})


def _draw(request: HttpRequest, form: FirstRunForm, *, status: int = 200) -> HttpResponse:
    template = "desk/first_run/_form.html" if getattr(request, "htmx", False) else "desk/first_run/page.html"
    response = render(request, template, {"form": form, "closed": _closed(form)}, status=status)
    patch_cache_control(response, private=True, no_store=True)
    return response


def _closed(form: FirstRunForm) -> dict[str, object]:
    """Return the public holidays of the form's country this year, so that the tick says what it does."""
    year = clock.now().year
    country, region = str(form["country"].value() or ""), str(form["region"].value() or "")
    days = holidays_of(country, region, range(year, year + 1), get_language() or "fr")
    return {"year": year, "names": [days[on] for on in sorted(days)]}
