from __future__ import annotations

from django.urls import path

from carnet.desk.views import set_up_profiles

urlpatterns = [
    path("set-up/profiles/", set_up_profiles.profiles, name="set_up_profiles"),
    path("set-up/profiles/<uuid:profile_id>/", set_up_profiles.profile, name="profile"),
    path("set-up/profiles/<uuid:profile_id>/clone", set_up_profiles.clone, name="profile_clone"),
    path("set-up/profiles/<uuid:profile_id>/deletion", set_up_profiles.deletion, name="profile_deletion"),
    path("set-up/members/<uuid:member_id>/profile", set_up_profiles.of_member, name="member_profile"),
]
