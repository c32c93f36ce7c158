"""Rights in words: what a profile may do with each module, and what else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carnet.organisations.models import Profile
from carnet.organisations.permissions import EDIT_LAYOUTS, PERMISSIONS, RESTS_ON

Words = str | Promise

#: The columns of the matrix.
VERBS: Final = {"see": _("See"), "create": _("Create"), "edit": _("Edit"), "delete": _("Delete")}

#: The rows: module -> its name, and which permission each verb is.
MODULES: Final[dict[str, tuple[Words, dict[str, str]]]] = {
    "appointments": (
        _("Appointments"),
        {"see": "appointments.see", "create": "appointments.book", "edit": "appointments.move"},
    ),
    "catalogue": (
        _("Services"),
        {
            "see": "catalogue.see",
            "create": "catalogue.create",
            "edit": "catalogue.edit",
            "delete": "catalogue.delete",
        },
    ),
    "customers": (
        _("Customers"),
        {"see": "customers.see", "create": "customers.create", "edit": "customers.edit"},
    ),
    "job_sheets": (_("Job sheets"), {"see": "job_sheets.see", "edit": "job_sheets.fill"}),
}

#: What is no row of the matrix, as a sentence each.
SPECIAL: Final[dict[str, Words]] = {
    "appointments.book_outside": _("Book and move outside the hours, once the alert is confirmed"),
    "appointments.cancel": _("Cancel appointments"),
    "appointments.close": _("Start and complete appointments, and note that a customer did not come"),
    "appointments.reopen": _("Reopen appointments that have ended"),
    "customers.export": _("Export customers"),
    "resources.edit": _("Change the hours and absences of members"),
    "set_up.edit": _("Change the set-up: business hours, address, country, switching modules"),
    "members.edit": _("Add, invite, change and deactivate members, and give them a profile"),
    "profiles.edit": _("Say who may what: profiles, roles, and for whom a module is"),
    EDIT_LAYOUTS: _("Arrange modules and fields: layouts, their fields and conditions"),
    "activity.see": _("Read the activity"),
    "activity.export": _("Export the activity"),
    "organisation.export": _("Export everything the organisation holds"),
    "organisation.manage": _("Suspend and delete the organisation"),
}

#: Their order on the page, under what they are about.
GROUPS: Final[tuple[tuple[Words, tuple[str, ...]], ...]] = (
    (
        _("Appointments"),
        ("appointments.book_outside", "appointments.cancel", "appointments.close", "appointments.reopen"),
    ),
    (_("Customers"), ("customers.export",)),
    (_("People"), ("resources.edit", "members.edit", "profiles.edit")),
    (_("Set-up"), ("set_up.edit", EDIT_LAYOUTS, "organisation.manage")),
    (_("Activity and export"), ("activity.see", "activity.export", "organisation.export")),
)

REACHES: Final[dict[str, tuple[Words, Words]]] = {
    Profile.Reach.OWN: (
        pgettext_lazy("whose records", "Their own"),
        _("Appointments they attend or own, and nobody else’s."),
    ),
    Profile.Reach.ROLE: (
        pgettext_lazy("whose records", "Those of their role"),
        _("Their own, those of all roles below theirs, and those of colleagues where the role shares them."),
    ),
    Profile.Reach.EVERYTHING: (
        pgettext_lazy("whose records", "Everybody’s"),
        _("All records of the organisation."),
    ),
}


@dataclass(frozen=True, slots=True)
class Tick:
    """One permission as a tick; `words` name it where its row and column do not."""

    permission: str
    words: Words
    ticked: bool
    #: Whether the reader may give it: nobody gives what they lack.
    given: bool


@dataclass(frozen=True, slots=True)
class ModuleLine:
    name: Words
    #: A tick for each verb, None where the module has no such right.
    ticks: Sequence[Tick | None]


@dataclass(frozen=True, slots=True)
class TickGroup:
    """Special permissions about one thing."""

    name: Words
    ticks: Sequence[Tick]


def words_of(permission: str) -> str:
    """Return a permission in words, by itself."""
    for name, verbs in MODULES.values():
        for verb, one in verbs.items():
            if one == permission:
                return str(_("%(module)s: %(verb)s") % {"module": name, "verb": str(VERBS[verb]).lower()})
    return str(SPECIAL.get(permission, permission))


def module_lines(ticked: Iterable[str], given: Iterable[str]) -> list[ModuleLine]:
    """Return the rows of the matrix with what is `ticked`; what is not `given` cannot be."""
    ticked, given = set(ticked), set(given)

    def tick(permission: str | None) -> Tick | None:
        if permission is None:
            return None
        return Tick(permission, words_of(permission), permission in ticked, permission in given)

    return [ModuleLine(name, [tick(verbs.get(verb)) for verb in VERBS]) for name, verbs in MODULES.values()]


def special_ticks(ticked: Iterable[str], given: Iterable[str]) -> list[TickGroup]:
    """Return what is no row of the matrix, by what it is about."""
    ticked, given = set(ticked), set(given)
    return [
        TickGroup(name, [Tick(one, words_of(one), one in ticked, one in given) for one in group])
        for name, group in GROUPS
    ]


def rests_text(before: Iterable[str]) -> list[str]:
    """Return in words the rights that others in `before` rest on and that were not ticked themselves."""
    ticked = set(before)
    grounds = {RESTS_ON[one] for one in ticked if one in RESTS_ON} - ticked
    return [words_of(one) for one in PERMISSIONS if one in grounds]
