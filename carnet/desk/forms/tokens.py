"""Shape of a key to the API."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from carnet.desk.forms.rights import RightsForm
from carnet.organisations.above import may_everything
from carnet.organisations.access import Access
from carnet.organisations.models import Member
from carnet.organisations.permissions import PERMISSIONS

ALL, SOME = "all", "some"
DAYS = {"30": _("In 30 days"), "90": _("In 90 days"), "365": _("In a year"), "never": _("Never")}


class TokenForm(RightsForm):
    """For whom a key is, what it opens, and for how long; only administrators choose for whom, in the set-up."""

    name = forms.CharField(label=_("What it is for"), max_length=80, help_text=_("The program that will use it."))
    member = forms.ChoiceField(label=_("Whose it is"), help_text=_("What the key does is done in this person’s name."))
    expires = forms.ChoiceField(label=_("It expires"), choices=list(DAYS.items()), initial="90")
    scope = forms.ChoiceField(
        label=_("What it opens"),
        widget=forms.RadioSelect,
        initial=ALL,
        choices=[(ALL, _("All that this person may do, now and later")), (SOME, _("Only what is ticked here"))],
    )
    permissions = forms.MultipleChoiceField(required=False)

    def __init__(self, access: Access, *args: Any, for_oneself: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        assert access.member is not None
        self.access, self.own = access, access.member
        self.given = [one for one in PERMISSIONS if access.holds(one)]
        _offer(self.fields["permissions"], [(one, one) for one in self.given])
        self.known = {str(self.own.public_id): self.own}
        if may_everything(access) and not for_oneself:
            self.known = {str(one.public_id): one for one in Member.objects.filter(active=True)}
            self.fields["member"].initial = str(self.own.public_id)
            _offer(self.fields["member"], [(key, one.name) for key, one in self.known.items()])
        else:
            del self.fields["member"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        # Without any tick a narrowed key would be one that opens everything.
        if data.get("scope") == SOME and not data.get("permissions"):
            self.add_error("permissions", _("Tick what the key opens."))
        # Nor is one that opens everything issued to somebody who has ticked a part of it.
        if data.get("scope") == ALL and data.get("permissions"):
            self.add_error("scope", _("Some rights are ticked: choose “Only what is ticked here”, or untick them."))
        return data

    @property
    def owner(self) -> Member:
        return self.known.get(self.cleaned_data.get("member", ""), self.own)

    @property
    def narrowed_to(self) -> list[str]:
        return self.cleaned_data["permissions"] if self.cleaned_data["scope"] == SOME else []

    @property
    def expires_at(self) -> datetime | None:
        chosen = self.cleaned_data["expires"]
        return None if chosen == "never" else self.access.now + timedelta(days=int(chosen))


def _offer(field: forms.Field, choices: list[tuple[str, Any]]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
