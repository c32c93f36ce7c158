from __future__ import annotations

from django.urls import path

from carnet.desk.views import set_up_roles, why

_ROLE = "set-up/roles/<uuid:role_id>/"

urlpatterns = [
    path("set-up/roles/", set_up_roles.roles, name="set_up_roles"),
    path("set-up/roles/new", set_up_roles.role_new, name="role_new"),
    path(_ROLE, set_up_roles.role, name="role"),
    path(_ROLE + "place", set_up_roles.place, name="role_place"),
    path("set-up/why/<slug:sort>/<uuid:record_id>/", why.why_page, name="why"),
    path(_ROLE + "deletion", set_up_roles.deletion, name="role_deletion"),
]
