"""Changing the catalogue."""

from carnet.catalogue.actions.create import NewService, add_category, add_tax, create_service
from carnet.catalogue.actions.standing import add_outage, mark_available, mark_not_in_use

__all__ = [
    "NewService",
    "add_category",
    "add_outage",
    "add_tax",
    "create_service",
    "mark_available",
    "mark_not_in_use",
]
