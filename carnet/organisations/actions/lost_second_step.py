"""When phone, passkeys and recovery codes are lost: whoever runs the installation takes the second step away."""

from __future__ import annotations

from carnet.base.scopes import open_organisation
from carnet.base.unit_of_work import repeatable
from carnet.organisations import letters
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.organisations.doors import COMMAND
from carnet.organisations.models import Member, Organisation, User
from carnet.organisations.second_step import has_second_step, steps_of
from carnet.organisations.sign_ins import end_sessions


@repeatable
def take_second_step_away(user: User, *, by: str) -> bool:
    """Let the password alone sign `user` in again; return whether there was anything to take away.

    Every session ends, the owner hears of it by letter, and it is written down in each organisation that the sign-in
    opens. Only a command does this, whose name is `by`: the administrator of one organisation must not weaken a sign-in
    that opens others, too. Where a profile requires a second step, a new one is asked for at the next click.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if not has_second_step(user):
        return False
    steps_of(user).delete()
    end_sessions(user)
    for organisation in Organisation.objects.order_by("pk"):
        with open_organisation(organisation):
            member = Member.objects.filter(user=user, active=True).first()
            if member is not None:
                access = Access.for_system(organisation, by, door=COMMAND)
                record(access, "member.second_step_taken_away", member)
    letters.tell_owner.enqueue(user.pk, "second_step_taken_away", user.email)
    return True
