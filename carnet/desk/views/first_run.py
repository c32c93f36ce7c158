"""The first run: one page from an empty folder to an empty calendar."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from carnet.base import clock
from carnet.base.errors import Invalid
from carnet.desk.actions import Founding, found_business
from carnet.desk.forms.first_run import FirstRunForm, proposed
from carnet.desk.sheets import open_page
from carnet.organisations import first_run as link
from carnet.organisations.countries import country_of


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def first_run(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask what a business begins with; once there is one, this page is gone (J8)."""
    if not link.opens(secret):
        raise Http404
    if request.method == "GET":
        form = FirstRunForm(initial=proposed(country_of("FR" if _speaks_french(request) else "GB")))
        return _draw(request, form)
    if "propose" in request.POST:
        return _draw(request, _proposal(request))
    form = FirstRunForm(request.POST)
    if not form.is_valid():
        return _draw(request, form, status=422)
    data = form.cleaned_data
    asked = {name: data[name] for name in Founding.__dataclass_fields__ if name in data}
    try:
        access, member = found_business(Founding(**asked, hours=form.windows()), clock.now())
    except Invalid as error:
        for name, text in error.errors.items():
            form.add_error(name if name in form.fields else None, str(text))
        return _draw(request, form, status=422)
    link.finish()
    assert member.user is not None
    login(request, member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return open_page(request, f"/o/{access.organisation.slug}/")


def _speaks_french(request: HttpRequest) -> bool:
    return request.LANGUAGE_CODE.startswith("fr")


def _proposal(request: HttpRequest) -> FirstRunForm:
    """Return the form with what was typed, and what the chosen country proposes in place of what another did."""
    typed = {name: value for name, value in request.POST.items() if not name.startswith("hours_")}
    country = country_of(request.POST.get("country", "FR"))
    hours = {name: value for name, value in request.POST.items() if name.startswith("hours_")}
    return FirstRunForm(initial={**typed, **proposed(country), **hours})


def _draw(request: HttpRequest, form: FirstRunForm, *, status: int = 200) -> HttpResponse:
    htmx = getattr(request, "htmx", False)
    template = "desk/first_run/_form.html" if htmx else "desk/first_run/page.html"
    response = render(request, template, {"form": form}, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
