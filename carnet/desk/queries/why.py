"""Why somebody can or cannot see a record: the very rules that decide, asked one by one, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Model, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carnet.appointments.models import Appointment, SegmentMember
from carnet.appointments.permissions import reasons_for_appointments
from carnet.catalogue.models import Service
from carnet.customers.models import Customer
from carnet.customers.permissions import reasons_for_customers
from carnet.desk.queries.rights import words_of
from carnet.organisations.access import Access
from carnet.organisations.models import Member, Profile
from carnet.organisations.permissions import PERMISSIONS


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of record that can be asked about: the rights to see one, and the reasons for which one is seen."""

    words: str | Promise
    model: type[Model]
    permissions: Sequence[str]
    #: None where whoever has the rights sees all of them.
    reasons: Callable[[Access], dict[str, Q]] | None = None


SORTS: Final = {
    "customer": Sort(gettext_lazy("Customer"), Customer, ["customers.see"], reasons_for_customers),
    "appointment": Sort(gettext_lazy("Appointment"), Appointment, ["appointments.see"], reasons_for_appointments),
    "service": Sort(gettext_lazy("Service"), Service, ["catalogue.see"]),
    # A job sheet is seen with its appointment, by which it is asked for: it may not be saved yet.
    "job-sheet": Sort(
        gettext_lazy("Job sheet"), Appointment, ["appointments.see", "job_sheets.see"], reasons_for_appointments
    ),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule and whether it speaks for seeing; of those that are `enough` one suffices, of all others each counts."""

    holds: bool
    words: str
    enough: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What was asked: the verdict, as every door gives it, and the rules in their order."""

    member: Member
    sees: bool
    rules: Sequence[Rule]

    @property
    def follows(self) -> bool:
        """Whether seeing follows from the rules as they are told."""
        enough = [rule.holds for rule in self.rules if rule.enough]
        return all(rule.holds for rule in self.rules if not rule.enough) and (any(enough) or not enough)


def why(access: Access, member: Member, sort: Sort, record: Model) -> Answer:
    """Return whether `member` sees `record`, which the reader sees, and by which rules.

    The verdict is that of `Access.may` and `Access.visible`; the rules are asked of what these consist of.
    """
    access.require("profiles.edit")
    theirs = Access.for_member(member, access.now)
    permitted = all(theirs.may(one) for one in sort.permissions)
    sees = permitted and theirs.visible(sort.model._default_manager.filter(pk=record.pk)).exists()
    return Answer(member, sees, [*_of_rights(theirs, sort), *_of_reach(theirs, sort, record)])


def _of_rights(theirs: Access, sort: Sort) -> Iterator[Rule]:
    assert theirs.member is not None
    assert theirs.profile is not None
    names = {"name": theirs.member.name, "profile": theirs.profile.name, "organisation": theirs.organisation.name}
    active = theirs.member.active
    yield Rule(
        active,
        (_("%(name)s is an active member of %(organisation)s.") if active else _("%(name)s is deactivated.")) % names,
    )
    if not active:
        # Nothing else is looked at: whoever is deactivated holds nothing.
        return
    for one in sort.permissions:
        told = names | {"right": words_of(one)}
        if theirs.is_administrator:
            yield Rule(True, _("The profile %(profile)s is an administrator’s: it holds every right.") % told)
        elif theirs.holds(one):
            yield Rule(True, _("The profile %(profile)s holds the right “%(right)s”.") % told)
        else:
            yield Rule(False, _("The profile %(profile)s lacks the right “%(right)s”.") % told)
    for module in dict.fromkeys(PERMISSIONS[one] for one in sort.permissions if PERMISSIONS[one]):
        on = theirs.module_is_on(module)
        told = {"module": {"services": _("Services"), "job_sheets": _("Job sheets")}[module]}
        yield Rule(on, (_("%(module)s is switched on.") if on else _("%(module)s is switched off.")) % told)


def _of_reach(theirs: Access, sort: Sort, record: Any) -> Iterator[Rule]:
    assert theirs.profile is not None
    names = {"profile": theirs.profile.name}
    if sort.reasons is None:
        yield Rule(True, _("Whoever may see services sees each of them: they have no roles."), enough=True)
        return
    if theirs.reaches_everything:
        yield Rule(True, _("The profile %(profile)s reaches everybody’s records.") % names, enough=True)
        return
    for name, reason in sort.reasons(theirs).items():
        holds = sort.model._default_manager.filter(Q(pk=record.pk) & reason).exists()
        yield from _REASONS[name](theirs, record, holds)


def _owner(theirs: Access, record: Any, holds: bool) -> Iterator[Rule]:
    if record.owner is not None:
        lead = _("The owner is %(name)s.") % {"name": record.owner.name}
        yield Rule(holds, f"{lead} {_relation(theirs, record.owner)}", enough=True)
    else:
        yield Rule(holds, _("It has no owner: by its owner nobody sees it."), enough=True)


def _house(theirs: Access, record: Any, holds: bool) -> Iterator[Rule]:
    if holds:
        words = _("It has no owner, so it belongs to the house, and this profile sees what is the house’s.")
    else:
        words = _("It has an owner, so it does not belong to the house.")
    yield Rule(holds, words, enough=True)


def _members(theirs: Access, record: Any, holds: bool) -> Iterator[Rule]:
    rows = SegmentMember.objects.filter(segment__appointment=record)
    there = Member.objects.filter(pk__in=rows.values("member")).select_related("role")
    for member in there:
        lead = _("%(name)s takes part in it.") % {"name": member.name}
        yield Rule(member.pk in theirs.reached_members, f"{lead} {_relation(theirs, member)}", enough=True)
    if not there:
        yield Rule(holds, _("Nobody takes part in it."), enough=True)


def _visit(theirs: Access, record: Any, holds: bool) -> Iterator[Rule]:
    if holds:
        words = _("An appointment of this customer is seen, and with it the customer.")
    else:
        words = _("No appointment of this customer is seen.")
    yield Rule(holds, words, enough=True)


_REASONS: Final[dict[str, Callable[[Access, Any, bool], Iterator[Rule]]]] = {
    "owner": _owner,
    "house": _house,
    "member": _members,
    "visit": _visit,
}


def _relation(theirs: Access, other: Member) -> str:
    """Say how somebody's records are reached, or why they are not."""
    assert theirs.member is not None
    assert theirs.profile is not None
    me = theirs.member
    told = {"name": me.name, "role": me.role.name, "other": other.name, "their_role": other.role.name}
    if other.pk == me.pk:
        return _("One’s own records are always reached.")
    if theirs.profile.reach == Profile.Reach.OWN:
        return _("The profile of %(name)s reaches their own records only, whatever the role.") % told
    if other.role_id == me.role_id:
        if me.role.shares_with_peers:
            return _("%(name)s and %(other)s both have the role %(role)s, in which peers see each other.") % told
        return _("%(name)s and %(other)s both have the role %(role)s, in which peers do not see each other.") % told
    if other.role_id in theirs.roles_below:
        return _("%(name)s (%(role)s) is above %(other)s (%(their_role)s).") % told
    return _("%(name)s (%(role)s) is not above %(other)s (%(their_role)s).") % told
