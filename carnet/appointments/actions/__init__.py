"""Changing appointments."""

from carnet.appointments.actions.book import book_appointment
from carnet.appointments.actions.close import cancel_appointment, close, mark_no_show
from carnet.appointments.actions.deactivate import deactivate_member, leave_organisation
from carnet.appointments.actions.delete_service import delete_service
from carnet.appointments.actions.edit import edit_appointment as edit_appointment
from carnet.appointments.actions.new_visit import Booking
from carnet.appointments.actions.rearrange import rearrange
from carnet.appointments.actions.reopen import reopen_appointment, undo_ending
from carnet.appointments.actions.reschedule import reschedule_appointment
from carnet.appointments.actions.start import start_appointment
from carnet.appointments.actions.undo_rearrangement import undo_rearrangement

__all__ = [
    "Booking",
    "book_appointment",
    "cancel_appointment",
    "close",
    "deactivate_member",
    "delete_service",
    "edit_appointment",
    "leave_organisation",
    "mark_no_show",
    "rearrange",
    "reopen_appointment",
    "reschedule_appointment",
    "start_appointment",
    "undo_ending",
    "undo_rearrangement",
]
