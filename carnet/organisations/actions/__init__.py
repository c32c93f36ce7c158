"""Changing an organisation and its people."""

from carnet.organisations.actions.edit import About, edit_organisation
from carnet.organisations.actions.found import add_profile, create_organisation
from carnet.organisations.actions.invitations import accept_invitation, invite_member, revoke_invitation
from carnet.organisations.actions.membership import end_membership, reactivate_member
from carnet.organisations.actions.people import add_member
from carnet.organisations.actions.profiles import (
    ProfileDetails,
    assign_profile,
    clone_profile,
    delete_profile,
    edit_profile,
)
from carnet.organisations.actions.rights import grant_permission, set_module_rights
from carnet.organisations.actions.second_step import require_second_step
from carnet.organisations.actions.tokens import issue_token, revoke_token

__all__ = [
    "About",
    "ProfileDetails",
    "accept_invitation",
    "add_member",
    "add_profile",
    "assign_profile",
    "clone_profile",
    "create_organisation",
    "delete_profile",
    "edit_organisation",
    "edit_profile",
    "end_membership",
    "grant_permission",
    "invite_member",
    "issue_token",
    "reactivate_member",
    "require_second_step",
    "revoke_invitation",
    "revoke_token",
    "set_module_rights",
]
