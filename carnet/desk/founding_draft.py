"""What was typed into the guide so far: it outlives a mistake, a closed window and a step back.

It lies in the session, without the password, and goes once the organisation is founded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib.sessions.backends.base import SessionBase
from django.http import QueryDict

from carnet.desk.forms.guide import (
    AddressStep,
    BusinessStep,
    CountryStep,
    FirstYouStep,
    HoursStep,
    ServicesStep,
    StepForm,
    YouStep,
)

_KEY = "founding"
#: Is never kept anywhere but hashed.
SECRET = "password"

STEPS: Sequence[tuple[str, type[StepForm]]] = (
    ("business", BusinessStep),
    ("country", CountryStep),
    ("address", AddressStep),
    ("hours", HoursStep),
    ("services", ServicesStep),
)


class Draft:
    """The steps of one guide and what was typed in each; those not answered, or skipped, hold what is proposed."""

    def __init__(self, session: SessionBase, *, first: bool, proposed: Mapping[str, Any] | None = None) -> None:
        self.session = session
        self.steps: dict[str, type[StepForm]] = {**dict(STEPS), "you": FirstYouStep if first else YouStep}
        self.typed: dict[str, dict[str, Any]] = dict(session.get(_KEY, {}))
        #: What is known of who founds it.
        self.known = dict(proposed or {})

    def step(self, asked: str) -> str:
        """Return the step of that name, the first one if there is none."""
        return asked if asked in self.steps else next(iter(self.steps))

    def after(self, step: str, by: int = 1) -> str:
        """Return the step that many further on, or back."""
        names = list(self.steps)
        return names[min(max(names.index(step) + by, 0), len(names) - 1)]

    def keep(self, step: str, data: QueryDict) -> None:
        """Keep what was typed in a step, right or wrong, but no password."""
        names = self.steps[step]().fields.keys() - {SECRET}
        self.typed[step] = {name: data[name] for name in names if name in data}
        self._save()

    def forget(self, step: str) -> None:
        """Let a step hold again what is proposed."""
        if self.typed.pop(step, None) is not None:
            self._save()

    def end(self) -> None:
        self.session.pop(_KEY, None)

    def shown(self, step: str) -> StepForm:
        """Return the form of a step to be filled in, with what was typed before, or what is proposed."""
        form = self.steps[step]
        left_blank = () if step in self.typed else form.left_blank
        return form(initial={name: value for name, value in self._values(step).items() if name not in left_blank})

    def answered(self, step: str, data: QueryDict | None = None) -> StepForm:
        """Return the form of a step with its answers, those of `data` or those kept, to be judged."""
        return self.steps[step](self._as_sent(step) if data is None else data)

    def _values(self, step: str) -> dict[str, Any]:
        proposed = self.steps[step].proposed(self.typed) | (self.known if step == "you" else {})
        typed = self.typed.get(step)
        if typed is None:
            return proposed
        # What was not sent is a tick that was taken away.
        fields = self.steps[step].base_fields
        blank = {name: False for name, one in fields.items() if isinstance(one, forms.BooleanField)}
        return {**dict.fromkeys(proposed, ""), **blank, **typed}

    def _as_sent(self, step: str) -> dict[str, Any]:
        return {name: value for name, value in self._values(step).items() if value is not False}

    def _save(self) -> None:
        self.session[_KEY] = self.typed
