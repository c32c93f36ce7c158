from __future__ import annotations

from django.urls import path

from carnet.desk.views import appointments, job_sheet, my_day, owners, printed_sheet

_ONE = "appointments/<uuid:appointment_id>/"

urlpatterns = [
    path("my-day/", my_day.my_day_page, name="my_day"),
    path(_ONE, appointments.appointment, name="appointment"),
    path(_ONE + "owner", owners.of_appointment, name="appointment_owner"),
    path(_ONE + "details/", appointments.details, name="appointment_details"),
    path(_ONE + "schedule/", appointments.schedule, name="appointment_schedule"),
    path(_ONE + "cancellation/", appointments.cancellation, name="appointment_cancellation"),
    path(_ONE + "no-show/", appointments.no_show, name="appointment_no_show"),
    path(_ONE + "start/", appointments.start, name="appointment_start"),
    path(_ONE + "completion/", appointments.completion, name="appointment_completion"),
    path(_ONE + "undo/", appointments.undo, name="appointment_undo"),
    path(_ONE + "reopening/", appointments.reopening, name="appointment_reopening"),
    path(_ONE + "job-sheet/", job_sheet.job_sheet, name="job_sheet"),
    path(_ONE + "job-sheet/print", printed_sheet.printed_sheet, name="printed_sheet"),
]
