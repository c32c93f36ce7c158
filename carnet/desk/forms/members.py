"""Shape of what is asked when a member is invited, or leaves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from carnet.desk.forms.roles import role_chosen, roles_to_give
from carnet.organisations.access import Access
from carnet.organisations.actions import MemberDetails
from carnet.organisations.models import Member


class InvitationForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address to sign in with"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )


class MemberDetailsForm(forms.Form):
    """Name, phone and role of a member, as they were when the page was drawn (`version`)."""

    name = forms.CharField(label=_("Name"), max_length=120)
    phone = forms.CharField(
        label=_("Phone"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, access: Access, member: Member, data: Any = None) -> None:
        initial = {"name": member.name, "phone": member.phone, "version": member.version}
        super().__init__(data, initial=initial | {"role": member.role.public_id_text})
        self.fields["role"] = roles_to_give(access, held=member.role)

    def details(self) -> MemberDetails:
        role = role_chosen(self, "role")
        assert role is not None
        return MemberDetails(self.cleaned_data["name"], self.cleaned_data["phone"], role)


class DeactivationForm(forms.Form):
    """Who gets what the member owns, and what was seen of the visits; without property nobody is asked for."""

    heir = forms.ChoiceField(label=_("Who gets it"))
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, member: Member, *args: Any, owns: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["version"].initial = member.version
        self.known: dict[str, Member] = {}
        if not owns:
            del self.fields["heir"]
            return
        others = Member.objects.filter(active=True).exclude(pk=member.pk)
        self.known = {one.public_id_text: one for one in others}
        field = self.fields["heir"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, one.name) for key, one in self.known.items()]

    @property
    def heir_chosen(self) -> Member | None:
        return self.known.get(self.cleaned_data.get("heir", ""))
