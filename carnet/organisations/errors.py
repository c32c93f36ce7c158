"""Why a right cannot be given or taken, or a member let go."""

from __future__ import annotations

from django.utils.translation import gettext as _

from carnet.base.errors import NotPermitted, TradeError


class LastAdministrator(TradeError):
    """Somebody must be left who may do everything, and who can sign in."""

    code = "last_administrator"
    status = 409

    def sentence(self) -> str:
        return _("Nobody else here is an administrator who can sign in. Make somebody an administrator first.")


class AboveOneself(NotPermitted):
    """What may do or see more than the actor is neither given nor changed by the actor."""

    code = "above_oneself"

    def __init__(self) -> None:
        super().__init__("set_up.edit")

    def sentence(self) -> str:
        return _("This profile allows more than yours does. Only somebody who may all of it can give or change it.")


class InvitationSpent(TradeError):
    """The link was used, has expired or was revoked, or there never was such a one: all in the same words."""

    code = "invitation_spent"
    status = 410

    def sentence(self) -> str:
        return _("This invitation is no longer valid. Ask for a new one.")


class ForSomebodyElse(TradeError):
    """The invitation is for another address than the one that is signed in."""

    code = "invitation_for_somebody_else"
    status = 409

    def sentence(self) -> str:
        return _("This invitation is for another e-mail address than the one you are signed in with.")
