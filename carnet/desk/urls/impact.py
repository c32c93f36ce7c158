from __future__ import annotations

from django.urls import path

from carnet.desk.views import rearrangement

_OF_SERVICE = "services/changes/<uuid:rearrangement_id>/"
_OF_MEMBER = "members/changes/<uuid:rearrangement_id>/"
_OF_HOURS = "set-up/hours/changes/<uuid:rearrangement_id>/"

urlpatterns = [
    path(_OF_SERVICE, rearrangement.rearrangement, {"of": "service"}, name="service_rearrangement"),
    path(_OF_SERVICE + "undo", rearrangement.undo, {"of": "service"}, name="service_rearrangement_undo"),
    path(_OF_MEMBER, rearrangement.rearrangement, {"of": "member"}, name="member_rearrangement"),
    path(_OF_MEMBER + "undo", rearrangement.undo, {"of": "member"}, name="member_rearrangement_undo"),
    path(_OF_HOURS, rearrangement.rearrangement, {"of": "hours"}, name="hours_rearrangement"),
    path(_OF_HOURS + "undo", rearrangement.undo, {"of": "hours"}, name="hours_rearrangement_undo"),
]
