"""Signing in to the demo: by a signed link from the terminal, never by a password."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner

from carnet.base.scopes import open_organisation
from carnet.demo.content import PLANS
from carnet.organisations.models import Member, Organisation, User

MAX_AGE = timedelta(days=1)
_signer = TimestampSigner(salt="carnet.demo.sign-in")


@dataclass(frozen=True)
class Identity:
    """Somebody of the demo: the sign-in, and the name, profile and business of each membership."""

    user: User
    name: str
    places: tuple[tuple[str, str, str], ...]

    @property
    def home(self) -> str:
        """The address of the business the link leads to."""
        return f"/o/{self.places[0][2]}/"

    @property
    def link(self) -> str:
        return f"{settings.BASE_ADDRESS}/demo/sign-in/{_signer.sign(str(self.user.pk))}/"


def identities() -> list[Identity]:
    """Return the people of the demo, each once, in the order of the businesses."""
    places: dict[User, list[tuple[str, str, str]]] = {}
    names: dict[User, str] = {}
    for member in _members():
        assert member.user is not None
        names.setdefault(member.user, member.name)
        places.setdefault(member.user, []).append(
            (member.profile.name, member.organisation.name, member.organisation.slug)
        )
    return [Identity(user, names[user], tuple(found)) for user, found in places.items()]


def _members() -> Iterator[Member]:
    known = {organisation.slug: organisation for organisation in Organisation.objects.all()}
    for plan in PLANS:
        if plan.slug not in known:
            continue
        emails = [person.email for person in plan.people]
        with open_organisation(known[plan.slug]):
            members = Member.objects.filter(user__email__in=emails, active=True, user__is_active=True)
            yield from list(members.select_related("user", "profile", "organisation").order_by("position"))


def who_holds(token: str) -> Identity | None:
    """Return whom the token signs in, None if it is not ours, too old, or names nobody of the demo."""
    try:
        key = _signer.unsign(token, max_age=MAX_AGE)
    except BadSignature:
        return None
    return next((one for one in identities() if str(one.user.pk) == key), None)


def lines() -> list[str]:
    """Return what the terminal says: for each business its people, each with a link that signs them in."""
    found = identities()
    width = max((len(one.name) + len(one.places[0][0]) for one in found), default=0) + 3
    said: list[str] = []
    business = ""
    for one in found:
        profile, where, _slug = one.places[0]
        if where != business:
            business = where
            said.append(f"{where}:")
        said.append(f"  {f'{one.name} ({profile})':{width}}  {one.link}")
        said += [f"      – {other} too ({theirs})" for theirs, other, _slug in one.places[1:]]
    return said
