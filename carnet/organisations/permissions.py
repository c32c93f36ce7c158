"""What members may do: the list of permissions, and the profiles every organisation begins with."""

from __future__ import annotations

from typing import Final

#: Whoever holds it arranges layouts and their fields; asked for at more doors than any other right to the set-up.
EDIT_LAYOUTS: Final = "layouts.edit"

#: Permission -> the module it needs switched on ("" for none).
PERMISSIONS: Final[dict[str, str]] = {
    "appointments.see": "",
    "appointments.book": "services",
    "appointments.move": "services",
    "appointments.book_outside": "services",
    "appointments.cancel": "",
    "appointments.close": "",
    "appointments.reopen": "",
    "catalogue.see": "services",
    "catalogue.create": "services",
    "catalogue.edit": "services",
    "catalogue.delete": "services",
    "customers.see": "",
    "customers.create": "",
    "customers.edit": "",
    "customers.export": "",
    "job_sheets.see": "job_sheets",
    "job_sheets.fill": "job_sheets",
    "resources.edit": "",
    "set_up.edit": "",
    EDIT_LAYOUTS: "",
    "members.edit": "",
    "profiles.edit": "",
    "activity.see": "",
    "activity.export": "",
    "organisation.export": "",
    "organisation.manage": "",
}

#: The parts of the set-up: whoever holds one of them finds that part there, and nothing of the others.
SET_UP: Final = ("set_up.edit", "members.edit", "profiles.edit", EDIT_LAYOUTS, "activity.see")

#: Without these one must not even know what they open: who asks for it meets what does not exist.
OPENS_HIDDEN: Final = frozenset({"catalogue.see", *SET_UP})

#: Permission -> the one without which it opens nothing: what is changed or booked must be seen.
RESTS_ON: Final[dict[str, str]] = {
    "appointments.book": "catalogue.see",
    "catalogue.create": "catalogue.see",
    "catalogue.edit": "catalogue.see",
    "catalogue.delete": "catalogue.see",
    "customers.export": "customers.see",
    "activity.export": "activity.see",
    "organisation.export": "set_up.edit",
    "organisation.manage": "set_up.edit",
}

#: What everybody knows of, so that it is refused with words: the agenda says why nothing can be booked. All else of a
#: module is hidden while it is off.
REFUSED_WITH_WORDS: Final = frozenset({"appointments.book", "appointments.move"})

#: Module -> the rights to it that an administrator gives to profiles, the one to see it first.
MODULE_RIGHTS: Final[dict[str, tuple[str, ...]]] = {
    "services": ("catalogue.see", "catalogue.create", "catalogue.edit", "catalogue.delete"),
}

ADMINISTRATOR: Final = "administrator"
FRONT_DESK: Final = "front_desk"
PROVIDER: Final = "provider"

#: Key -> (reach, permissions); the administrator holds every permission, whatever is added later.
DEFAULT_PROFILES: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    ADMINISTRATOR: ("everything", ()),
    FRONT_DESK: (
        "everything",
        (
            "appointments.see",
            "appointments.book",
            "appointments.move",
            "appointments.cancel",
            "appointments.close",
            "catalogue.see",
            "customers.see",
            "customers.create",
            "customers.edit",
            "job_sheets.see",
            "job_sheets.fill",
        ),
    ),
    PROVIDER: (
        "own",
        (
            "appointments.see",
            "appointments.close",
            "catalogue.see",
            "customers.see",
            "job_sheets.see",
            "job_sheets.fill",
        ),
    ),
}
