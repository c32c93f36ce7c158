"""A service: its page, its form, whether it can be had, its way into the bin and back, its image."""

from carnet.desk.views.service.bin import deletion, restoration, services_bin
from carnet.desk.views.service.form import clone, edit, new, price
from carnet.desk.views.service.picture import picture
from carnet.desk.views.service.record import service
from carnet.desk.views.service.standing import available, not_in_use, outage, outage_end

__all__ = [
    "available",
    "clone",
    "deletion",
    "edit",
    "new",
    "not_in_use",
    "outage",
    "outage_end",
    "picture",
    "price",
    "restoration",
    "service",
    "services_bin",
]
