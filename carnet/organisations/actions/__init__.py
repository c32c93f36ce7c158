"""Changing an organisation and its people."""

from carnet.organisations.actions.found import add_profile, create_organisation
from carnet.organisations.actions.people import add_member, issue_token

__all__ = ["add_member", "add_profile", "create_organisation", "issue_token"]
