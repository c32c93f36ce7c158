"""What members may do: the list of permissions, and the profiles every organisation begins with."""

from __future__ import annotations

from typing import Final

#: Permission -> the module it needs switched on ("" for none).
PERMISSIONS: Final[dict[str, str]] = {
    "appointments.see": "",
    "appointments.book": "services",
    "appointments.move": "services",
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
