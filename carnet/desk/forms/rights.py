"""Rights as ticks: what a profile and a token's scope are chosen with."""

from __future__ import annotations

from collections.abc import Collection

from django import forms

from carnet.desk.queries.rights import ModuleLine, TickGroup, module_lines, special_ticks


class RightsForm(forms.Form):
    """A form whose field `permissions` is shown as a ledger; `given` are those that the reader may give."""

    given: Collection[str]

    @property
    def lines(self) -> list[ModuleLine]:
        return module_lines(self["permissions"].value() or (), self.given)

    @property
    def special(self) -> list[TickGroup]:
        return special_ticks(self["permissions"].value() or (), self.given)
