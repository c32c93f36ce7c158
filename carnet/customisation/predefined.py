"""The layouts every organisation begins with: sections and fields that the product brings, in both languages.

A field here is a column of the record, called by the same word as in the API. One that is locked is what a record
cannot do without: it may be renamed, explained, given a default and moved, not removed or made optional.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

STANDARD: Final = "standard"
#: The type of a field that the product keeps in a column of its own.
BUILT_IN: Final = "built_in"
#: Where a field shows unless it says otherwise, and where it can.
SHOWN: Final = ("form", "page")
PLACES: Final = ("form", "page", "list", "card", "phone", "letter")
#: The modules whose fields the letters to customers tell, where a field says so.
TOLD_IN_LETTERS: Final = ("appointments", "customers")


def _field(key: str, fr: str, en: str, *, locked: bool = False, read_only: bool = False) -> dict[str, Any]:
    return {
        "key": key,
        "type": BUILT_IN,
        "label": {"fr": fr, "en": en},
        "help": {},
        "required": locked,
        "shows": list(SHOWN),
        "locked": locked,
        "read_only": read_only,
    }


def _section(fr: str, en: str, *fields: dict[str, Any], columns: int = 2) -> dict[str, Any]:
    return {"label": {"fr": fr, "en": en}, "columns": columns, "fields": list(fields)}


def _services() -> list[dict[str, Any]]:
    return [
        _section("Image de service", "Service image", _field("image", "Image", "Image"), columns=1),
        _section(
            "Informations sur le service",
            "Service information",
            _field("name", "Nom du service", "Service name", locked=True),
            _field("owner", "Propriétaire du service", "Service owner", locked=True),
            _field("duration", "Durée disponible", "Available duration", locked=True),
            _field("members", "Membres du service", "Service members", locked=True),
            _field("place", "Lieu du service", "Service location", locked=True),
            _field("category", "Catégorie", "Category"),
            _field("tags", "Étiquettes", "Tags"),
        ),
        _section(
            "Informations sur la disponibilité",
            "Availability information",
            _field("days", "Jours", "Days", locked=True),
            _field("hours", "Heures", "Hours", locked=True),
            _field("offered_from", "Du", "From"),
            _field("offered_until", "Au", "Until"),
            _field("status", "État", "Status", read_only=True),
        ),
        _section(
            "Informations sur les prix",
            "Price information",
            _field("price", "Prix", "Price", locked=True),
            _field("taxes", "Taxes", "Taxes"),
        ),
        _section(
            "Informations sur la feuille de travail",
            "Job sheet information",
            _field("asks_job_sheet", "Feuille de travail à remettre", "Job sheet to be handed in", locked=True),
            _field("job_sheet_layout", "Disposition utilisée", "Layout used"),
        ),
        _section(
            "Informations de description",
            "Description information",
            _field("description", "Description", "Description"),
            columns=1,
        ),
    ]


def _customers() -> list[dict[str, Any]]:
    return [
        _section(
            "Informations sur le client",
            "Customer information",
            _field("name", "Nom", "Name", locked=True),
            _field("phone", "Téléphone", "Phone", locked=True),
            _field("email", "Adresse e-mail", "E-mail address"),
            _field("language", "Langue", "Language"),
        ),
        _section("Adresses", "Addresses", _field("address", "Adresse", "Address"), columns=1),
    ]


def _booking() -> list[dict[str, Any]]:
    return [
        _section(
            "Informations sur le rendez-vous",
            "Appointment information",
            _field("customer", "Client", "Customer"),
            _field("service", "Service", "Service", locked=True),
            _field("member", "Membre", "Member", locked=True),
            _field("start", "Début", "Start", locked=True),
            _field("place", "Lieu", "Place", locked=True),
            _field("address", "Adresse", "Address"),
            _field("note", "Note", "Note"),
        )
    ]


def _rescheduling() -> list[dict[str, Any]]:
    return [
        _section(
            "Report du rendez-vous",
            "Rescheduling",
            _field("start", "Début", "Start", locked=True),
            _field("member", "Membre", "Member", locked=True),
            _field("reason", "Motif", "Reason", locked=True),
            _field("reason_note", "Note", "Note"),
        )
    ]


def _cancelling() -> list[dict[str, Any]]:
    return [
        _section(
            "Annulation du rendez-vous",
            "Cancellation",
            _field("reason", "Motif", "Reason", locked=True),
            _field("reason_note", "Note", "Note"),
        )
    ]


_SECTIONS: Final = {
    ("services", STANDARD): _services,
    ("customers", STANDARD): _customers,
    ("appointments", "create"): _booking,
    ("appointments", "reschedule"): _rescheduling,
    ("appointments", "cancel"): _cancelling,
}
MODULES: Final = ("services", "customers", "appointments", "job_sheets")


def predefined(module: str, name: str) -> Mapping[str, Any]:
    """Return the document that a layout begins with; a job sheet's fields are made with the organisation."""
    sections = _SECTIONS.get((module, name))
    return {"sections": sections() if sections else [], "removed": []}


def layout_names(module: str) -> tuple[str, ...]:
    """Return the layouts that a module has by itself."""
    return tuple(name for of, name in _SECTIONS if of == module) or (STANDARD,)


def built_in_fields(module: str, name: str) -> dict[str, Mapping[str, Any]]:
    """Return the fields of a layout that are columns, by key."""
    return {field["key"]: field for section in predefined(module, name)["sections"] for field in section["fields"]}
