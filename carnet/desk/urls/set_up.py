from __future__ import annotations

from django.urls import path

from carnet.desk.views import (
    closures,
    invitations,
    members,
    organisation,
    organisation_exports,
    region,
    set_up,
    set_up_layouts,
    set_up_modules,
)

urlpatterns = [
    path("set-up/", set_up.set_up, name="set_up"),
    path("set-up/hours", set_up.hours, name="set_up_hours"),
    path("set-up/hours/closures", closures.closures, name="set_up_closures"),
    path("set-up/hours/closures/<date:on>/reopening", closures.reopening, name="closure_reopening"),
    path("set-up/business", set_up.business, name="set_up_business"),
    path("set-up/region", region.region, name="set_up_region"),
    path("set-up/organisation/", organisation.organisation, name="set_up_organisation"),
    path("set-up/organisation/suspension", organisation.suspension, name="organisation_suspension"),
    path("set-up/organisation/suspension/end", organisation.resumption, name="organisation_resumption"),
    path("set-up/organisation/deletion", organisation.deletion, name="organisation_deletion"),
    path("set-up/organisation/deletion/end", organisation.taken_back, name="organisation_deletion_end"),
    path("set-up/organisation/exports/", organisation_exports.exports, name="set_up_exports"),
    path("set-up/organisation/exports/<uuid:export_id>", organisation_exports.download, name="export_file"),
    path("departure", members.departure, name="departure"),
    path("set-up/members/", set_up.members, name="set_up_members"),
    path("set-up/members/new", set_up.member_new, name="member_new"),
    path("set-up/members/<uuid:member_id>/", members.member, name="member"),
    path("set-up/members/<uuid:member_id>/edit", members.edit, name="member_edit"),
    path("set-up/members/<uuid:member_id>/deactivation", members.deactivation, name="member_deactivation"),
    path("set-up/members/<uuid:member_id>/reactivation", members.reactivation, name="member_reactivation"),
    path("set-up/members/<uuid:member_id>/invitation", invitations.invitation, name="member_invitation"),
    path("set-up/members/<uuid:member_id>/invitation/end", invitations.end, name="member_invitation_end"),
    path("set-up/modules/", set_up_modules.modules, name="set_up_modules"),
    path("set-up/services/", set_up_modules.module, name="set_up_module"),
    path("set-up/services/switch", set_up_modules.switch, name="set_up_switch"),
    path("set-up/layouts/<slug:module>/<slug:name>/", set_up_layouts.layout, name="set_up_layout"),
    path("set-up/layouts/<slug:module>/<slug:name>/versions", set_up_layouts.versions, name="set_up_layout_versions"),
    path(
        "set-up/layouts/<slug:module>/<slug:name>/versions/<int:number>/restoration",
        set_up_layouts.restoration,
        name="set_up_layout_restoration",
    ),
    path("set-up/services/sheet-layouts", set_up_layouts.sheet_layouts, name="set_up_sheet_layouts"),
    path("set-up/services/preferences", set_up_modules.preferences, name="set_up_preferences"),
]
