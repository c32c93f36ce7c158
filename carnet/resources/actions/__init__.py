"""Changing what is there when."""

from carnet.resources.actions.absence import add_closures, add_holidays, add_time_off
from carnet.resources.actions.hours import set_business_hours, set_resource_hours
from carnet.resources.actions.people import add_resource, employ_member, take_back_member

__all__ = [
    "add_closures",
    "add_holidays",
    "add_resource",
    "add_time_off",
    "employ_member",
    "set_business_hours",
    "set_resource_hours",
    "take_back_member",
]
