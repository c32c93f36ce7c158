from __future__ import annotations

from django.urls import path

from carnet.desk.views import (
    own_tokens,
    set_up_activity,
    set_up_fields,
    set_up_profiles,
    set_up_second_step,
    set_up_tokens,
)

urlpatterns = [
    path("set-up/profiles/", set_up_profiles.profiles, name="set_up_profiles"),
    path("set-up/profiles/<uuid:profile_id>/", set_up_profiles.profile, name="profile"),
    path("set-up/profiles/<uuid:profile_id>/fields", set_up_fields.field_rights, name="profile_fields"),
    path("set-up/profiles/<uuid:profile_id>/second-step", set_up_second_step.second_step, name="profile_second_step"),
    path("set-up/profiles/<uuid:profile_id>/clone", set_up_profiles.clone, name="profile_clone"),
    path("set-up/profiles/<uuid:profile_id>/deletion", set_up_profiles.deletion, name="profile_deletion"),
    path("set-up/members/<uuid:member_id>/profile", set_up_profiles.of_member, name="member_profile"),
    path("set-up/tokens/", set_up_tokens.tokens, name="set_up_tokens"),
    path("set-up/tokens/new", set_up_tokens.issue, name="token_new"),
    path("set-up/tokens/<uuid:token_id>/revocation", set_up_tokens.revocation, name="token_revocation"),
    path("tokens/", own_tokens.tokens, name="own_tokens"),
    path("tokens/new", own_tokens.issue, name="own_token_new"),
    path("tokens/<uuid:token_id>/revocation", own_tokens.revocation, name="own_token_revocation"),
    path("set-up/activity/", set_up_activity.activity, name="set_up_activity"),
    path("set-up/activity/export", set_up_activity.export, name="activity_export"),
]
