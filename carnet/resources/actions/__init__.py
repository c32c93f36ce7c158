"""Changing what is there when."""

from carnet.resources.actions.absence import add_time_off, end_time_off, take_back_time_off
from carnet.resources.actions.closures import add_closures, add_holidays, reopen, take_back_closures
from carnet.resources.actions.hours import set_business_hours, set_resource_hours
from carnet.resources.actions.people import add_resource, change_member, employ_member, take_back_member

__all__ = [
    "add_closures",
    "add_holidays",
    "add_resource",
    "add_time_off",
    "change_member",
    "employ_member",
    "end_time_off",
    "reopen",
    "set_business_hours",
    "set_resource_hours",
    "take_back_closures",
    "take_back_member",
    "take_back_time_off",
]
