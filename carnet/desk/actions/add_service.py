"""Adding a service together with the category it is filed under."""

from __future__ import annotations

from dataclasses import replace

from carnet.base.unit_of_work import unit_of_work
from carnet.catalogue.actions import NewService, add_category, create_service
from carnet.catalogue.models import Category, Service
from carnet.organisations.access import Access


def add_service(access: Access, new: NewService, *, category: str = "") -> Service:
    """Add `new` under the category of this name, which is made unless there is one; "" is none.

    Raises Invalid beside a field, and then neither is added.
    """
    access.require("catalogue.create")
    name = " ".join(category.split())
    with unit_of_work():
        if name:
            known = Category.objects.filter(name__iexact=name).first()
            new = replace(new, category=known or add_category(access, name))
        return create_service(access, new)
