"""Changing an organisation and its people."""

from carnet.organisations.actions.found import add_profile, create_organisation
from carnet.organisations.actions.people import add_member, grant_permission, issue_token

__all__ = ["add_member", "add_profile", "create_organisation", "grant_permission", "issue_token"]
