"""Shape of a profile, and of giving one to a member."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from carnet.desk.forms.rights import RightsForm
from carnet.desk.queries.rights import REACHES
from carnet.organisations.above import is_above, reaches_beyond
from carnet.organisations.access import Access
from carnet.organisations.actions import ProfileDetails
from carnet.organisations.models import Member, Profile
from carnet.organisations.permissions import PERMISSIONS


class ProfileForm(RightsForm):
    """A profile as it is, to be changed or cloned; it offers what the reader holds."""

    name = forms.CharField(label=_("Name of the profile"), max_length=80)
    permissions = forms.MultipleChoiceField(required=False)
    reach = forms.ChoiceField(label=_("Whose records they see"), widget=forms.RadioSelect)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, access: Access, profile: Profile, *args: Any, name: str = "", **options: Any) -> None:
        held = list(PERMISSIONS) if profile.administrator else profile.permissions
        options["initial"] = {
            "name": name or profile.name,
            "permissions": held,
            "reach": Profile.Reach.EVERYTHING if profile.administrator else profile.reach,
            "version": profile.version,
        }
        super().__init__(*args, **options)
        self.given = [one for one in PERMISSIONS if access.holds(one)]
        _offer(self.fields["permissions"], [(one, one) for one in PERMISSIONS])
        reaches = [one for one in REACHES if not reaches_beyond(access, one) or one == profile.reach]
        _offer(self.fields["reach"], [(one, REACHES[one][0]) for one in reaches])
        if name:
            self.fields["name"].widget.attrs |= {"autofocus": True, "data-select": True}

    @property
    def reaches(self) -> Sequence[tuple[Any, Any]]:
        """Each reach as a radio with the sentence that explains it."""
        return [(radio, REACHES[str(radio.data["value"])][1]) for radio in self["reach"]]

    def details(self) -> ProfileDetails:
        data = self.cleaned_data
        return ProfileDetails(data["name"], data["permissions"], data["reach"])


class MemberProfileForm(forms.Form):
    """Which profile a member has: those that the reader may give."""

    profile = forms.ChoiceField(label=_("Profile"))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, access: Access, member: Member, *args: Any, **options: Any) -> None:
        options["initial"] = {"profile": str(member.profile.public_id), "version": member.version}
        super().__init__(*args, **options)
        known = [one for one in Profile.objects.order_by("pk") if not is_above(access, one)]
        self.known = {str(one.public_id): one for one in known}
        _offer(self.fields["profile"], [(key, one.name) for key, one in self.known.items()])

    @property
    def profile_chosen(self) -> Profile:
        return self.known[self.cleaned_data["profile"]]


def _offer(field: forms.Field, choices: list[tuple[str, Any]]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
