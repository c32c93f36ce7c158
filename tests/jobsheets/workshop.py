"""A workshop's job sheet: what the seed lets it note, with its own labels, for the salon to play with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from carnet.catalogue.actions import edit_service
from carnet.catalogue.details import details_of
from carnet.catalogue.models import Service
from carnet.customisation.actions import save_layout
from carnet.customisation.models import Layout
from carnet.customisation.queries import fields_of, key_of
from carnet.jobsheets.actions import add_sheet_layout
from tests.cast import Business


def label(fr: str, en: str) -> dict[str, str]:
    return {"fr": fr, "en": en}


PARTS = {
    "type": "lines",
    "name": "n1",
    "label": label("Pièces de rechange utilisées", "Spare parts used"),
    "columns": [
        {"type": "text", "label": label("Référence", "Reference")},
        {"type": "number", "label": label("Quantité", "Quantity")},
        {"type": "money", "label": label("Prix unitaire", "Unit price")},
        {"type": "total", "label": label("Montant", "Amount"), "decimals": 2, "rule": "c2 * c3"},
    ],
}
CHECKS = [{"label": label("Essai", "Trial")}, {"label": label("Nettoyage", "Cleaned")}]
FIELDS: list[dict[str, Any]] = [
    {"type": "text", "label": label("Numéro de modèle", "Model number")},
    {"type": "text", "label": label("Numéro de série", "Serial number"), "required": True},
    PARTS,
    {"type": "total", "label": label("Total", "Total"), "decimals": 2, "rule": "sum(n1.c2 * n1.c3)"},
    {"type": "checklist", "label": label("Contrôles", "Checks"), "choices": CHECKS},
    {"type": "checkbox", "name": "n2", "label": label("Sous garantie", "Under warranty")},
    {
        "type": "date",
        "label": label("Date d’expiration de la garantie", "End of the warranty"),
        "shown_if": "n2",
        "required_if": "n2",
    },
    {"type": "percent", "label": label("Remise", "Discount"), "decimals": 1},
    {"type": "phone", "label": label("Téléphone sur place", "Phone on site")},
    {"type": "email", "label": label("Adresse e-mail", "E-mail")},
    {"type": "url", "label": label("Notice", "Manual")},
    {"type": "member", "label": label("Contrôlé par", "Checked by")},
    {"type": "moment", "label": label("Repris le", "Taken back")},
    {
        "type": "choices",
        "label": label("Couleurs", "Colours"),
        "choices": [{"label": {"en": "Red"}}, {"label": {"en": "Blue"}}],
    },
    {"type": "money", "label": label("Caution", "Deposit")},
]
NAMES = (
    *("model", "serial", "parts", "total", "checks", "warranty", "expiry", "discount", "phone", "email", "url"),
    *("checked_by", "taken_back", "colours", "deposit"),
)


@dataclass(frozen=True)
class Workshop:
    layout: Layout
    #: Name of a field (`NAMES`) -> its key.
    keys: dict[str, str]


def workshop(business: Business, service: str = "colour") -> Workshop:
    """Give a service a job sheet « Réparation » with these fields."""
    alice = business.access("alice")
    layout = add_sheet_layout(alice, "Réparation")
    draft = {"sections": [{"label": label("Réparation", "Repair"), "fields": FIELDS}]}
    version = save_layout(alice, "job_sheets", layout.name, draft, version=1)
    found = Service.objects.get(pk=business.services[service].pk)
    edit_service(alice, found, replace(details_of(found), job_sheet_layout=layout))
    return Workshop(layout, dict(zip(NAMES, map(key_of, fields_of(version.document)), strict=True)))
