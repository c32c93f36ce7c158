"""Changing the catalogue."""

from carnet.catalogue.actions.bulk import SelectionRefused, add_provider, change_each, change_prices
from carnet.catalogue.actions.create import add_category, add_tax, create_service
from carnet.catalogue.actions.edit import edit_service
from carnet.catalogue.actions.examples import add_example
from carnet.catalogue.actions.standing import add_outage, end_outage, mark_available, mark_not_in_use
from carnet.catalogue.actions.trash import empty_bin, restore_service

__all__ = [
    "SelectionRefused",
    "add_category",
    "add_example",
    "add_outage",
    "add_provider",
    "add_tax",
    "change_each",
    "change_prices",
    "create_service",
    "edit_service",
    "empty_bin",
    "end_outage",
    "mark_available",
    "mark_not_in_use",
    "restore_service",
]
