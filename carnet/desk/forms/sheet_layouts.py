"""Shape of a job sheet layout's name, and of what a new one begins as."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carnet.customisation.models import Layout
from carnet.jobsheets.queries import sheet_layouts


def called(layout: Layout) -> str:
    """Return what people call a layout of job sheets; the standard one has no label of its own."""
    return layout.label or _("Standard layout")


class LayoutNameForm(forms.Form):
    label = forms.CharField(label=gettext_lazy("Name of the layout"), max_length=80)


class NewLayoutForm(LayoutNameForm):
    begins = forms.ChoiceField(
        label=gettext_lazy("It begins"),
        required=False,
        help_text=gettext_lazy("Fields of a copied layout are the same in both; each can leave out and add its own."),
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.known = {layout.name: layout for layout in sheet_layouts()}
        copies = [(name, _("as a copy of “%(name)s”") % {"name": called(one)}) for name, one in self.known.items()]
        field = self.fields["begins"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("empty")), *copies]

    def copied(self) -> Layout | None:
        return self.known.get(self.cleaned_data["begins"])
