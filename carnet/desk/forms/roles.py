"""Shape of a role, of where it lies, and of who takes over from one that is deleted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from carnet.desk.queries.roles import role_lines
from carnet.organisations.above import roles_given
from carnet.organisations.access import Access
from carnet.organisations.models import Role


class RoleChoice(forms.ChoiceField):
    """One role of the tree, each with its way from the top; `none` are the words for no role, "" if one must be."""

    def __init__(self, access: Access, *, besides: Role | None = None, none: Any = "", **options: Any) -> None:
        known = role_lines(access, besides=besides)
        self.known = {role.public_id_text: role for role, _words in known}
        top = [("", none)] if none else []
        choices = [*top, *((role.public_id_text, words) for role, words in known)]
        super().__init__(choices=choices, required=not none, **options)


class RoleForm(forms.Form):
    """A role's name, and whether those who have it see each other's records; where it lies, for a new one."""

    name = forms.CharField(label=_("Name of the role"), max_length=80)
    shares = forms.BooleanField(
        label=_("Peers see each other’s records"),
        help_text=_("Else each member of this role sees their own, and those of the roles below."),
        required=False,
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @classmethod
    def of(cls, role: Role, data: Any = None) -> RoleForm:
        initial = {"name": role.name, "shares": role.shares_with_peers, "version": role.version}
        return cls(data, initial=initial)


class NewRoleForm(RoleForm):
    def __init__(self, access: Access, under: Role | None, data: Any = None) -> None:
        super().__init__(data, initial={"under": under.public_id_text if under else ""})
        del self.fields["version"]
        self.fields["under"] = RoleChoice(access, label=_("Lies under"), none=_("No other role: at the top"))
        self.order_fields(["name", "under", "shares"])

    @property
    def parent(self) -> Role | None:
        return role_chosen(self, "under")


class RolePlaceForm(forms.Form):
    """Where a role lies: nowhere under itself."""

    def __init__(self, access: Access, role: Role, data: Any = None) -> None:
        super().__init__(data, initial={"under": role.parent.public_id_text if role.parent else ""})
        top = _("No other role: at the top")
        # What lies under it is refused by the action, in words, and not as a choice that there never was.
        besides = None if self.is_bound else role
        self.fields["under"] = RoleChoice(access, besides=besides, label=_("Lies under"), none=top)

    @property
    def parent(self) -> Role | None:
        return role_chosen(self, "under")


class RoleDeletionForm(forms.Form):
    def __init__(self, access: Access, role: Role, *args: Any, needed: bool) -> None:
        super().__init__(*args)
        if needed:
            label = _("Who takes over its members and the roles under it")
            self.fields["heir"] = RoleChoice(access, besides=role, label=label)

    @property
    def heir(self) -> Role | None:
        return role_chosen(self, "heir") if "heir" in self.fields else None


def roles_to_give(access: Access, *, held: Role | None = None) -> RoleChoice:
    """Return the choice of a role for a person: of those that are the reader's to give, and the one she has."""
    field = RoleChoice(
        access, label=_("Role"), help_text=_("Whose records this person sees: those of all roles below.")
    )
    given = roles_given(access)
    if given is not None:
        field.known = {key: one for key, one in field.known.items() if one.pk in given or one == held}
        field.choices = [
            (one.public_id_text, words) for one, words in role_lines(access) if one.pk in given or one == held
        ]
    return field


def role_chosen(form: forms.Form, name: str) -> Role | None:
    """Return the role that was chosen in the field of that name, None for none."""
    field = form.fields[name]
    assert isinstance(field, RoleChoice)
    return field.known.get(form.cleaned_data[name])
