"""Changing an organisation and its people."""

from carnet.organisations.actions.edit import About, edit_organisation
from carnet.organisations.actions.found import add_profile, create_organisation
from carnet.organisations.actions.membership import end_membership, reactivate_member
from carnet.organisations.actions.people import add_member, issue_token
from carnet.organisations.actions.rights import grant_permission, set_module_rights
from carnet.organisations.actions.sign_ins import give_sign_in

__all__ = [
    "About",
    "add_member",
    "add_profile",
    "create_organisation",
    "edit_organisation",
    "end_membership",
    "give_sign_in",
    "grant_permission",
    "issue_token",
    "reactivate_member",
    "set_module_rights",
]
