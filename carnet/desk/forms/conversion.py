"""Shape of a conversion: the new type, the decimals of a number, the choices of a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from carnet.customisation.converting import Wanted, makes_choices, targets_of
from carnet.customisation.queries import FieldEntry
from carnet.customisation.types.numbers import MOST_DECIMALS, decimals_of
from carnet.desk.queries.layout_editor import type_names

#: A number with decimals is another thing to whoever chooses it.
DECIMAL: Final = "decimal"
USUAL_DECIMALS: Final = 2
MOST_TYPED: Final = 12_000


class ConversionForm(forms.Form):
    """What a field is to become; `proposed` tells the choices that a list of a type would have."""

    type = forms.ChoiceField(label=_("New type"), widget=forms.RadioSelect)
    decimals = forms.IntegerField(label=_("Decimals"), min_value=0, max_value=MOST_DECIMALS, required=False)
    choices = forms.CharField(
        label=_("Choices, one a line"),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=MOST_TYPED,
        required=False,
        help_text=_("Proposed are the values that were typed. What is not in the list is not converted."),
    )

    def __init__(self, field: FieldEntry, data: QueryDict, proposed: Callable[[str], Sequence[str]]) -> None:
        given = data.copy()
        chosen = str(given.get("type", ""))
        type_ = "number" if chosen == DECIMAL else chosen
        lists = chosen in targets_of(field) and makes_choices(field, chosen)
        if chosen in (DECIMAL, "percent") and not given.get("decimals"):
            given["decimals"] = str(decimals_of(field) or (USUAL_DECIMALS if chosen == DECIMAL else 0))
        if lists and not given.get("choices", "").strip():
            given["choices"] = "\n".join(proposed(chosen))
        super().__init__(given if chosen else None)
        self._type = type_
        names = type_names()
        offers = [
            one for target in targets_of(field) for one in (("number", DECIMAL) if target == "number" else (target,))
        ]
        kind = self.fields["type"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [(one, names[one]) for one in offers]
        if chosen not in (DECIMAL, "percent"):
            del self.fields["decimals"]
        if not lists:
            del self.fields["choices"]

    def wanted(self) -> Wanted:
        lines = (line.strip() for line in self.cleaned_data.get("choices", "").splitlines())
        return Wanted(self._type, self.cleaned_data.get("decimals") or 0, tuple(line for line in lines if line))
