from __future__ import annotations

from django.urls import path

from carnet.desk.views import absences, member_hours

_MEMBER = "members/<uuid:member_id>/"

urlpatterns = [
    path(_MEMBER + "absences/", absences.absences, name="member_absences"),
    path(_MEMBER + "absences/<uuid:absence_id>/end", absences.absence_end, name="member_absence_end"),
    path(_MEMBER + "hours", member_hours.member_hours, name="member_hours"),
]
