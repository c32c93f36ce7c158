"""Changing an organisation and its people."""

from carnet.organisations.actions.edit import About, edit_organisation
from carnet.organisations.actions.found import add_profile, create_organisation
from carnet.organisations.actions.invitations import accept_invitation, invite_member, revoke_invitation
from carnet.organisations.actions.membership import end_membership, reactivate_member
from carnet.organisations.actions.people import add_member, issue_token
from carnet.organisations.actions.rights import grant_permission, set_module_rights

__all__ = [
    "About",
    "accept_invitation",
    "add_member",
    "add_profile",
    "create_organisation",
    "edit_organisation",
    "end_membership",
    "grant_permission",
    "invite_member",
    "issue_token",
    "reactivate_member",
    "revoke_invitation",
    "set_module_rights",
]
