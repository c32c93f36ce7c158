"""The guide: a few short steps to a new organisation, the very first one or a further one of somebody signed in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, fields
from typing import Any

from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from carnet.base import clock
from carnet.base.errors import Invalid, NotPermitted
from carnet.catalogue.examples import example_of, written_for
from carnet.desk.actions import Beginning, Founder, Founding, NewSignIn, Windows, found_business
from carnet.desk.forms.guide import HoursStep, StepForm, country_of_reader, proposed_by, reader, trade_in
from carnet.desk.founding_draft import SECRET, Draft
from carnet.desk.sheets import see_other
from carnet.organisations import first_run as link
from carnet.organisations.countries import first_region
from carnet.organisations.middleware import may_found_another, name_of
from carnet.organisations.models import User
from carnet.resources.actions.closures import holidays_of

GO = "go"


@dataclass(frozen=True)
class Guide:
    """One walk through the steps: what was typed so far, who founds, and what is held meanwhile."""

    request: HttpRequest
    draft: Draft
    founder: Callable[[dict[str, Any]], Founder]
    held: Callable[[], AbstractContextManager[None]] = nullcontext

    def answer(self) -> HttpResponse:
        data = self.request.POST
        step = self.draft.step((data if self.request.method == "POST" else self.request.GET).get("step", ""))
        if self.request.method != "POST":
            return self._draw(step, self.draft.shown(step))
        go = data.get(GO, "next")
        if go == "propose":
            return self._draw(step, _proposal(self.draft, step, self.request))
        if go == "skip":
            self.draft.forget(step)
            if step == self.draft.after(step) and _may_skip(self.draft.answered(step)):
                return self._found(self.draft.answered(step))
            return self._at(self.draft.after(step))
        self.draft.keep(step, data)
        if go == "back":
            return self._at(self.draft.after(step, -1))
        form = self.draft.answered(step, data)
        if not form.is_valid():
            return self._draw(step, form, status=422)
        return self._at(self.draft.after(step)) if step != self.draft.after(step) else self._found(form)

    def _found(self, last: StepForm) -> HttpResponse:
        forms = {name: self.draft.answered(name) for name in self.draft.steps}
        forms[next(reversed(forms))] = last
        for name, form in forms.items():
            if not form.is_valid():
                return self._draw(name, form, status=422)
        typed = {key: value for form in forms.values() for key, value in form.cleaned_data.items()}
        asked = {field.name: typed[field.name] for field in fields(Founding) if field.name in typed}
        try:
            with self.held():
                founding = Founding(**asked, hours=_windows(forms["hours"]))
                member = found_business(founding, self.founder(typed), clock.now())[1]
        except link.LinkTaken:
            raise Http404 from None
        except Invalid as error:
            name, form = self._told(forms, error)
            return self._draw(name, form, status=422)
        self.draft.end()
        if self.request.user != member.user:
            assert member.user is not None
            login(self.request, member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        # « + Service » stands there, unless Services is still off: then the calendar says what to do next.
        place = "" if typed["begin"] == Beginning.LATER else "services/"
        return see_other(f"/o/{member.organisation.slug}/{place}")

    def _told(self, forms: dict[str, StepForm], error: Invalid) -> tuple[str, StepForm]:
        """Put the trade's sentences beside the fields they are about; return the step that has to be seen for it."""
        shown = list(forms)[-1]
        for field, text in error.errors.items():
            where = next((name for name, form in forms.items() if field in form.fields), None)
            forms[where or shown].add_error(field if where else None, str(text))
            shown = where or shown
        return shown, forms[shown]

    def _at(self, step: str) -> HttpResponse:
        return see_other(f"{self.request.path}?step={step}")

    def _draw(self, step: str, form: StepForm, *, status: int = 200) -> HttpResponse:
        names = list(self.draft.steps)
        here = names.index(step)
        context = {
            "form": form,
            "step": step,
            "steps": [
                {"name": name, "title": one.title, "current": name == step, "before": number < here}
                for number, (name, one) in enumerate(self.draft.steps.items())
            ],
            "number": here + 1,
            "count": len(names),
            "is_last": step == names[-1],
            "is_first": here == 0,
            "closed": _closed(form) if step == "country" else None,
            "offers": _offers(self.draft) if step == "services" else None,
            "may_skip": _may_skip(form),
            "another": self.request.user.is_authenticated,
        }
        response = render(self.request, "desk/guide/page.html", context, status=status)
        patch_cache_control(response, private=True, no_store=True)
        return response


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def first_run(request: HttpRequest, secret: str) -> HttpResponse:
    """Found the very first organisation by the link of the terminal; once there is one, this page is gone (J8)."""
    if not link.opens(secret):
        raise Http404

    def new_sign_in(typed: dict[str, Any]) -> Founder:
        return NewSignIn(typed["email"], typed[SECRET], typed["language"])

    user = request.user
    if isinstance(user, User):
        # A sign-in outlives its organisations: where all of them were deleted, it founds the next.
        draft = Draft(request.session, first=False, proposed={"administrator": name_of(user)})
        return Guide(request, draft, lambda typed: user, link.taken).answer()
    return Guide(request, Draft(request.session, first=True), new_sign_in, link.taken).answer()


@login_required
@require_http_methods(["GET", "POST"])
def new_organisation(request: HttpRequest) -> HttpResponse:
    """Found a further organisation, as its administrator, with the sign-in one has."""
    user = request.user
    assert isinstance(user, User)
    if not may_found_another(user):
        raise NotPermitted("organisation.found")
    draft = Draft(request.session, first=False, proposed={"administrator": name_of(user)})
    return Guide(request, draft, lambda typed: user).answer()


def _may_skip(form: StepForm) -> bool:
    """Who may sign in must be said; all else has something to propose."""
    return SECRET not in form.fields


def _windows(form: StepForm) -> Windows:
    assert isinstance(form, HoursStep)
    return form.windows()


def _proposal(draft: Draft, step: str, request: HttpRequest) -> StepForm:
    """Return the form with what was typed, and what the chosen country proposes in place of what another did."""
    asked, before = request.POST.get("country", ""), request.POST.get("proposed", "")
    # A region is one of the country it was chosen in.
    region = request.POST.get("region", "") if asked == before else first_region(asked, reader())
    return draft.steps[step](initial={**request.POST.dict(), **proposed_by(country_of_reader(asked, region))})


def _closed(form: StepForm) -> dict[str, object]:
    """Return the public holidays of the form's country this year, so that the tick says what it does."""
    year = clock.now().year
    country, region = str(form["country"].value() or ""), str(form["region"].value() or "")
    days = holidays_of(country, region, range(year, year + 1), get_language() or "fr")
    return {"year": year, "names": [days[on] for on in sorted(days)]}


def _offers(draft: Draft) -> list[str]:
    """Return the names of the services that the trade begins with, in the language of the business."""
    example = example_of(trade_in(draft.typed))
    country = draft.answered("country").data
    if example is None:
        return []
    return [one.name for one in written_for(example, str(country["language"]), str(country["currency"]))]
