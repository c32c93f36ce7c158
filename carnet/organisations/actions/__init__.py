"""Changing an organisation and its people."""

from carnet.organisations.actions.edit import About, edit_organisation
from carnet.organisations.actions.found import add_profile, create_organisation
from carnet.organisations.actions.people import add_member
from carnet.organisations.actions.profiles import (
    ProfileDetails,
    assign_profile,
    clone_profile,
    delete_profile,
    edit_profile,
)
from carnet.organisations.actions.rights import grant_permission, set_module_rights
from carnet.organisations.actions.sign_ins import give_sign_in
from carnet.organisations.actions.tokens import issue_token, revoke_token

__all__ = [
    "About",
    "ProfileDetails",
    "add_member",
    "add_profile",
    "assign_profile",
    "clone_profile",
    "create_organisation",
    "delete_profile",
    "edit_organisation",
    "edit_profile",
    "give_sign_in",
    "grant_permission",
    "issue_token",
    "revoke_token",
    "set_module_rights",
]
