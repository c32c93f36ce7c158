"""A member goes: what is left and who takes it over is shown, then done if it is still as it was seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.http import HttpResponse

from carnet.appointments.actions.deactivate import Heritage, StillExpected, heritage_of
from carnet.appointments.impact import PlannedMove
from carnet.base.errors import Invalid, TradeError
from carnet.desk.forms.members import DeactivationForm
from carnet.desk.queries.departure import visits_left
from carnet.desk.views.set_up_places import Place, set_up_page, tell
from carnet.organisations.access import Access
from carnet.organisations.models import Member
from carnet.organisations.requests import OrganisationRequest


class Ends(Protocol):
    def __call__(
        self,
        access: Access,
        member: Member,
        *,
        moves: list[PlannedMove],
        heir: Member | None,
        version: int | None,
    ) -> Member: ...


@dataclass(frozen=True)
class Departure:
    """Somebody who goes, of oneself or by an administrator: the page, and what its form does."""

    request: OrganisationRequest
    member: Member
    place: Place
    end: Ends
    template: str

    def answer(self) -> HttpResponse | None:
        """Answer with the page; None once the member has gone, and the caller answers."""
        heritage = heritage_of(self.request.access, self.member)
        typed = self.request.POST if self.request.method == "POST" else None
        form = DeactivationForm(self.member, typed, owns=heritage.owns_anything)
        if not form.is_valid():
            return self._draw(heritage, form, status=422 if form.is_bound else 200)
        if form.cleaned_data["seen"] != heritage.digest:
            return self._draw(heritage, form, changed=True)
        if heritage.in_the_way:
            return self._draw(heritage, form, refusal=StillExpected(self.member.name, heritage.in_the_way))
        try:
            self.end(
                self.request.access,
                self.member,
                moves=heritage.planned(),
                heir=form.heir_chosen,
                version=form.cleaned_data["version"],
            )
        except Invalid as error:
            tell(form, error)
            return self._draw(heritage, form, status=422)
        except TradeError as error:
            return self._draw(heritage_of(self.request.access, self.member), form, refusal=error)
        return None

    def _draw(
        self,
        heritage: Heritage,
        form: DeactivationForm,
        *,
        changed: bool = False,
        refusal: TradeError | None = None,
        status: int = 200,
    ) -> HttpResponse:
        context = {
            "member": self.member,
            "heritage": heritage,
            "visits": visits_left(heritage),
            "form": form,
            "changed": changed,
            "refusal": refusal,
            "action": self.place.url,
            "back_url": self.place.within.url if self.place.within else "/accounts/organisations/",
            "is_oneself": self.request.access.member == self.member,
            "may_move": self.request.access.may("appointments.move"),
        }
        status = refusal.status if refusal else status
        return set_up_page(self.request, self.place, self.template, context, status=status)
