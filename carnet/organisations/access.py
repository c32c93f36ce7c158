"""Access: who asks, in which organisation, at what time; the gate every action and query passes.

Rooms above this one declare who may see their records with `@sees(Model)`; a model without such a rule is
refused, so nothing becomes visible by being forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable

from carnet.base import clock
from carnet.base.errors import Hidden, ModuleOff, NotPermitted
from carnet.organisations.doors import API, WORKER
from carnet.organisations.errors import FieldRefused
from carnet.organisations.fields import EDITABLE, HIDDEN, right_within
from carnet.organisations.models import FieldRight, Member, Organisation, Profile, Role, Token
from carnet.organisations.permissions import OPENS_HIDDEN, PERMISSIONS, REFUSED_WITH_WORDS, RESTS_ON, SET_UP
from carnet.organisations.role_tree import below

ModelT = TypeVar("ModelT", bound=Model)
SightRule = Callable[["Access"], Q]
ModuleRule = Callable[["Access", str], bool]
#: From the way to the organisation ("organisation") to what tells of each module, by its key, whether it is on.
ModulesTold = Callable[[str], dict[str, Combinable]]

_sight: dict[type[Model], SightRule] = {}
_module_rule: list[ModuleRule] = []
_modules_told: list[ModulesTold] = []
#: Under which name a query that brings the modules along tells of each.
_TOLD = "module_is_on_"
#: And under which one that says whether the profile lacks anything of any field.
_RESTRICTED = "profile_is_restricted"


def sees(model: type[Model]) -> Callable[[SightRule], SightRule]:
    """Declare the rule that says which rows of `model` an access may see, within its organisation."""

    def declare(rule: SightRule) -> SightRule:
        _sight[model] = rule
        return rule

    return declare


def asks_modules(rule: ModuleRule) -> ModuleRule:
    """Declare the one rule that says whether a module is on."""
    _module_rule[:] = [rule]
    return rule


def tells_modules(told: ModulesTold) -> ModulesTold:
    """Declare how the query that finds out who asks can bring along which modules are on."""
    _modules_told[:] = [told]
    return told


def with_modules(queryset: QuerySet[ModelT], way: str) -> QuerySet[ModelT]:
    """Return a query whose records also know which modules are on in the organisation that `way` leads to."""
    told = {f"{_TOLD}{key}": on for one in _modules_told for key, on in one(way).items()}
    annotated: QuerySet[ModelT] = queryset.annotate(**told)
    return annotated


def modules_brought(record: Model) -> dict[str, bool]:
    """Return what a record of such a query knows of modules; of any other nothing."""
    return {name.removeprefix(_TOLD): bool(on) for name, on in vars(record).items() if name.startswith(_TOLD)}


def with_restrictions(queryset: QuerySet[ModelT], way: str) -> QuerySet[ModelT]:
    """Return a query whose records also know whether any field is taken away from the profile that `way` leads to."""
    rights = FieldRight.objects.filter(profile=OuterRef(way))
    annotated: QuerySet[ModelT] = queryset.annotate(**{_RESTRICTED: Exists(rights)})
    return annotated


def _restricted(record: Model) -> bool | None:
    """Return what a record of such a query knows; None for any other."""
    found = vars(record).get(_RESTRICTED)
    return None if found is None else bool(found)


@dataclass(frozen=True)
class Actor:
    """Who acts: a member, a customer on own records, a token (never more than its member), or the system."""

    kind: str
    name: str
    member: Member | None = None
    token: Token | None = None
    customer_id: int | None = None


@dataclass
class Access:
    """One actor in one organisation at one time; the first argument of every action and query."""

    organisation: Organisation
    actor: Actor
    now: datetime = field(default_factory=clock.now)
    #: Which modules are on, as far as it was read: module rules ask and fill it.
    modules: dict[str, bool] = field(default_factory=dict)
    #: What was read once for this access and is asked for often.
    memory: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    #: What is written down afterwards, as the demo writes its past, is told to nobody: see `outbox.announce`.
    quiet: bool = False
    #: By which door the actor came, and from which network address: see `carnet.organisations.doors`.
    door: str = ""
    address: str = ""
    #: Whether the profile lacks anything of any field; None if that was not read with who asks.
    restricted: bool | None = None

    @classmethod
    def for_member(cls, member: Member, now: datetime | None = None, *, door: str = "", address: str = "") -> Access:
        actor = Actor("member", member.name, member=member)
        told = {"door": door, "address": address, "restricted": _restricted(member)}
        return cls(member.organisation, actor, now or clock.now(), **told)  # type: ignore[arg-type]

    @classmethod
    def for_token(cls, token: Token, now: datetime | None = None, *, address: str = "") -> Access:
        actor = Actor("token", f"{token.member.name} (API)", member=token.member, token=token)
        return cls(
            token.organisation,
            actor,
            now or clock.now(),
            modules_brought(token),
            door=f"{API}{token.name}",
            address=address,
            restricted=_restricted(token),
        )

    @classmethod
    def for_system(
        cls, organisation: Organisation, reason: str, now: datetime | None = None, *, door: str = WORKER
    ) -> Access:
        """Return the access of the product itself; only `background.py` files and commands may ask for it."""
        return cls(organisation, Actor("system", reason), now or clock.now(), door=door)

    @property
    def member(self) -> Member | None:
        return self.actor.member

    @cached_property
    def profile(self) -> Profile | None:
        return self.member.profile if self.member else None

    @property
    def is_administrator(self) -> bool:
        return self.profile is not None and self.profile.administrator

    def holds(self, permission: str) -> bool:
        """Return whether the profile, and the token if there is one, has `permission`, its module on or off."""
        if permission not in PERMISSIONS:
            raise LookupError(f"no such permission: {permission}")
        if self.actor.kind == "system":
            return True
        if self.profile is None or self.member is None or not self.member.active:
            return False
        if not (self.profile.administrator or permission in self.profile.permissions):
            return False
        token = self.actor.token
        return token is None or not token.permissions or permission in token.permissions

    @cached_property
    def field_rights(self) -> Mapping[tuple[str, str], str]:
        """What the profile may less than edit, by module and field: nothing for administrators and the system.

        Asks the database only where who asks was found to lack something, or was not asked for it.
        """
        if self.profile is None or self.profile.administrator or self.restricted is False:
            return {}
        rights = FieldRight.objects.filter(profile=self.profile)
        return {(module, key): right for module, key, right in rights.values_list("module", "field", "right")}

    def field_right(self, module: str, key: str) -> str:
        """Return "editable", "read_only" or "hidden"; raises LookupError for a field that the module does not have."""
        return right_within(self.field_rights, module, key) if self.field_rights else EDITABLE

    def may_read_field(self, module: str, key: str) -> bool:
        return self.field_right(module, key) != HIDDEN

    def may_edit_field(self, module: str, key: str) -> bool:
        return self.field_right(module, key) == EDITABLE

    def require_fields(self, module: str, keys: Iterable[str]) -> None:
        """Raise FieldRefused unless the actor may edit each of these fields."""
        if self.field_rights and (refused := [one for one in keys if not self.may_edit_field(module, one)]):
            raise FieldRefused(module, refused)

    def module_is_on(self, module: str) -> bool:
        """Return whether the organisation has switched the module on."""
        return all(rule(self, module) for rule in _module_rule)

    def _module_is_on(self, permission: str) -> bool:
        module = PERMISSIONS[permission]
        return not module or self.module_is_on(module)

    def may(self, permission: str) -> bool:
        """Return whether `require` would pass."""
        return self._refusal(permission) is None

    def require(self, permission: str) -> None:
        """Raise unless the actor may do what `permission` says.

        `NotPermitted` (403) for who lacks it; `Hidden` (404) for who must not even know of it: of the catalogue
        without the right to see it or while its module is off, of the set-up; `ModuleOff` (403) for a booking while
        Services is off.
        """
        if (refusal := self._refusal(permission)) is not None:
            raise refusal

    def may_any(self, permissions: Iterable[str]) -> bool:
        """Return whether `require_any` would pass."""
        return any(self.may(one) for one in permissions)

    def require_any(self, permissions: Sequence[str]) -> None:
        """Raise what `require` raises for the first of them unless the actor may do one of these."""
        if not self.may_any(permissions):
            self.require(permissions[0])

    @property
    def set_up_parts(self) -> frozenset[str]:
        """Which parts of the set-up are open to this actor: “layouts” for `layouts.edit`, and so on."""
        return frozenset(one.partition(".")[0] for one in SET_UP if self.may(one))

    def _refusal(self, permission: str) -> NotPermitted | None:
        ground = RESTS_ON.get(permission, permission)
        is_known = permission in REFUSED_WITH_WORDS
        if not self.holds(ground) and ground in OPENS_HIDDEN and not is_known:
            return Hidden(permission)
        if not (self.holds(permission) and self.holds(ground)):
            return NotPermitted(permission)
        if not self._module_is_on(permission):
            return ModuleOff(permission) if is_known else Hidden(permission)
        return None

    @cached_property
    def reaches_everything(self) -> bool:
        """Whether no record of the organisation is hidden from this actor."""
        if self.actor.kind == "system":
            return True
        return self.profile is not None and (
            self.profile.administrator or self.profile.reach == Profile.Reach.EVERYTHING
        )

    @cached_property
    def roles_below(self) -> frozenset[int]:
        """The ids of all roles under the actor's own."""
        if self.member is None:
            return frozenset()
        return below(self.member.role_id, Role.objects.order_by().values_list("pk", "parent_id"))

    @cached_property
    def reached_roles(self) -> frozenset[int]:
        """The ids of roles whose members' records this actor may see: all below its own, and its own if it shares."""
        if self.member is None or self.profile is None or self.profile.reach == Profile.Reach.OWN:
            return frozenset()
        own = [self.member.role_id] if self.member.role.shares_with_peers else []
        return self.roles_below.union(own)

    @cached_property
    def reached_members(self) -> frozenset[int]:
        """The ids of members whose records this actor may see: its own, and those of the roles that it reaches."""
        if self.member is None:
            return frozenset()
        mine = frozenset([self.member.pk])
        if not self.reached_roles:
            return mine
        members = Member.objects.order_by().filter(role_id__in=self.reached_roles)
        return mine | frozenset(members.values_list("pk", flat=True))

    def visible(self, queryset: QuerySet[ModelT]) -> QuerySet[ModelT]:
        """Return what of `queryset` this actor may see; raises LookupError for a model without a rule."""
        rule = _sight.get(queryset.model)
        if rule is None:
            raise LookupError(f"nobody said who may see {queryset.model.__name__}")
        return queryset if self.reaches_everything else queryset.filter(rule(self))

    def sees_every(self, model: type[Model]) -> bool:
        """Return whether `visible` would leave out nothing of `model`, so that it need not be asked."""
        return _sight.get(model) is everyone


def everyone(access: Access) -> Q:
    """The rule of what every member of the organisation may see (the catalogue, colleagues)."""
    return Q()


sees(Member)(everyone)
