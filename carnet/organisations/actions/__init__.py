"""Changing an organisation and its people."""

from carnet.organisations.actions.deletion import ask_deletion, take_back_deletion
from carnet.organisations.actions.edit import About, edit_organisation
from carnet.organisations.actions.field_rights import set_field_rights
from carnet.organisations.actions.found import add_profile, create_organisation
from carnet.organisations.actions.invitations import accept_invitation, invite_member, revoke_invitation
from carnet.organisations.actions.membership import end_membership, give_up_membership, reactivate_member
from carnet.organisations.actions.people import MemberDetails, add_member, edit_member
from carnet.organisations.actions.profiles import (
    ProfileDetails,
    assign_profile,
    clone_profile,
    delete_profile,
    edit_profile,
)
from carnet.organisations.actions.resting import resume_organisation, suspend_organisation
from carnet.organisations.actions.rights import grant_permission, set_module_rights
from carnet.organisations.actions.roles import add_role, delete_role, edit_role, move_role
from carnet.organisations.actions.second_step import require_second_step
from carnet.organisations.actions.tokens import issue_token, revoke_token

__all__ = [
    "About",
    "MemberDetails",
    "ProfileDetails",
    "accept_invitation",
    "add_member",
    "add_profile",
    "add_role",
    "ask_deletion",
    "assign_profile",
    "clone_profile",
    "create_organisation",
    "delete_profile",
    "delete_role",
    "edit_member",
    "edit_organisation",
    "edit_profile",
    "edit_role",
    "end_membership",
    "give_up_membership",
    "grant_permission",
    "invite_member",
    "issue_token",
    "move_role",
    "reactivate_member",
    "require_second_step",
    "resume_organisation",
    "revoke_invitation",
    "revoke_token",
    "set_field_rights",
    "set_module_rights",
    "suspend_organisation",
    "take_back_deletion",
]
