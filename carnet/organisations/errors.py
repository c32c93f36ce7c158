"""Why a right cannot be given, taken or thrown away, or a member let go or in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from carnet.base.errors import NotPermitted, TradeError

#: As many names stand in a refusal; of the others their number.
MOST_NAMES = 5


class ProfileHeld(TradeError):
    """A profile cannot be deleted while members hold it."""

    code = "profile_held"
    status = 409

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(list(names))
        self.names = tuple(names)

    def sentence(self) -> str:
        count = len(self.names)
        told = ", ".join(self.names[:MOST_NAMES]) + (" …" if count > MOST_NAMES else "")
        return ngettext(
            "%(count)d member holds this profile: %(names)s. Give this person another one first.",
            "%(count)d members hold this profile: %(names)s. Give them another one first.",
            count,
        ) % {"count": count, "names": told}

    def detail(self) -> dict[str, Any]:
        return {"held_by": len(self.names)}


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
        super().__init__("profiles.edit")

    def sentence(self) -> str:
        return _("This profile allows more than yours does. Only somebody who may all of it can give or change it.")


class FieldRefused(NotPermitted):
    """The actor's profile may not edit a field that was sent: it is read-only, or hidden."""

    code = "field_not_permitted"

    def __init__(self, module: str, fields: Sequence[str]) -> None:
        super().__init__(f"{module}: {', '.join(fields)}")
        self.fields = tuple(dict.fromkeys(fields))

    def sentence(self) -> str:
        return _("Your profile does not allow changing a field that was sent. Nothing was changed.")

    def detail(self) -> dict[str, Any]:
        return {"fields": list(self.fields)}


class Suspended(TradeError):
    """The organisation rests: nothing of it can be seen or done until an administrator resumes it."""

    code = "organisation_suspended"
    status = 403

    def sentence(self) -> str:
        return _("This organisation is suspended. Nothing is lost; an administrator can resume it.")


class BeyondSight(NotPermitted):
    """Nobody lets others see records that they do not see themselves."""

    code = "beyond_sight"

    def __init__(self) -> None:
        super().__init__("profiles.edit")

    def sentence(self) -> str:
        return _(
            "This would let somebody see records that you do not see. Only somebody who sees all of them can do it."
        )


class RoleHeld(TradeError):
    """A role cannot be deleted while members have it, or roles lie under it, and nobody said where these go."""

    code = "role_held"
    status = 409

    def sentence(self) -> str:
        return _("This role has members or other roles under it. Choose the role that takes them over.")


class UnderItself(TradeError):
    """A role cannot lie under itself, or under a role that lies under it."""

    code = "role_under_itself"
    status = 409

    def sentence(self) -> str:
        return _("A role cannot lie under itself, or under a role below it. Look at the tree as it is now.")


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
