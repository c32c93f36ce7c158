"""Sign-ins of members: shared across organisations, so made here and never changed here."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from carnet.base.errors import Invalid
from carnet.base.locking import locked
from carnet.base.unit_of_work import unit_of_work
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.organisations.models import Member, User
from carnet.organisations.passwords import send_link_to


def give_sign_in(access: Access, member: Member, email: str) -> Member:
    """Let `member` sign in with `email`: with the sign-in that has it, or a new one, to which a letter is sent.

    The letter leads to choosing a password. Raises Invalid if another member here has this address.
    """
    access.require("set_up.edit")
    email = email.strip().lower()
    with unit_of_work():
        user, created = User.objects.get_or_create(
            email=email, defaults={"password": make_password(None), "language": access.organisation.language}
        )
        if Member.objects.filter(user=user).exclude(pk=member.pk).exists():
            raise Invalid(email=_("Another member signs in with this address already."))
        member = locked(Member.objects.all(), pk=member.pk)
        before = member.user.email if member.user else None
        member.user = user
        member.version += 1
        member.save(update_fields=["user", "version"])
        record(access, "member.sign_in_given", member, changes={"email": [before, email]})
        if created or not user.has_usable_password():
            send_link_to.enqueue(user.pk)
    return member
