"""Why an appointment cannot be made, moved or ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from carnet.base.errors import TradeError


@dataclass(frozen=True, slots=True)
class Said:
    """A refusal as it is told: the rule's name, one sentence, and where the person can go on."""

    rule: str
    sentence: str
    free_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """A free start to offer instead, in the organisation's zone, and the members who could take it."""

    start: datetime
    members: tuple[str, ...]


class BookingRefused(TradeError):
    """The rules say no; every refusal and other free starts are told.

    `outside` are the rules about hours that the actor may override to book it all the same; none where others say no.
    """

    code = "not_bookable"
    status = 409

    def __init__(
        self, refusals: Sequence[Said], alternatives: Sequence[Alternative] = (), outside: Sequence[Said] = ()
    ) -> None:
        super().__init__([refusal.rule for refusal in refusals])
        self.refusals = tuple(refusals)
        self.alternatives = tuple(alternatives)
        self.outside = tuple(outside)

    def sentence(self) -> str:
        return " ".join(dict.fromkeys(refusal.sentence for refusal in self.refusals))

    def detail(self) -> dict[str, Any]:
        return {
            "refusals": [{"rule": refusal.rule, "sentence": refusal.sentence} for refusal in self.refusals],
            "alternatives": [
                {"start": alternative.start.isoformat(), "members": list(alternative.members)}
                for alternative in self.alternatives
            ],
        }


class SlotTaken(BookingRefused):
    """Someone else was quicker."""

    code = "slot_taken"


class AppointmentClosed(TradeError):
    """The appointment is in a state from which this cannot be done; `status_now` says which."""

    code = "appointment_closed"
    status = 409

    def __init__(self, status_now: str, label: str, sentence: str = "") -> None:
        super().__init__(status_now)
        self.status_now = status_now
        self._sentence = sentence or _("This appointment can no longer be changed: %(state)s.") % {"state": label}

    def sentence(self) -> str:
        return self._sentence

    def detail(self) -> dict[str, Any]:
        return {"status_now": self.status_now}


class TooLate(TradeError):
    """What could be undone for ten minutes can no longer be undone."""

    code = "too_late"
    status = 409

    def sentence(self) -> str:
        return _("This can no longer be undone; an administrator can reopen the appointment.")


class MoveRefused(TradeError):
    """One of several visits cannot be moved as planned, so that nothing has been changed; `visit` is its public id."""

    code = "move_refused"
    status = 409

    def __init__(self, visit: str, sentence: str) -> None:
        super().__init__(visit, sentence)
        self.visit = visit
        self._sentence = sentence

    def sentence(self) -> str:
        return self._sentence

    def detail(self) -> dict[str, Any]:
        return {"appointment": self.visit}


class UndoRefused(TradeError):
    """A change and its moves cannot be undone; the sentence says why."""

    code = "undo_refused"
    status = 409

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self._sentence = sentence

    def sentence(self) -> str:
        return self._sentence
