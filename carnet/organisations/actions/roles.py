"""Roles: the tree that decides whose records are seen, changed by who sees all of them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from carnet.base.errors import Invalid, StaleVersion
from carnet.base.locking import lock_in_order
from carnet.base.typed_text import clean
from carnet.base.unit_of_work import repeatable
from carnet.organisations.above import as_now, require_sees_all
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.organisations.errors import RoleHeld, UnderItself
from carnet.organisations.models import Member, Role
from carnet.organisations.role_tree import below


@repeatable
def add_role(access: Access, name: str, *, parent: Role | None = None, shares_with_peers: bool = False) -> Role:
    """Add a role under `parent`, or at the top. Raises BeyondSight, and Invalid for a name that is taken."""
    access.require("profiles.edit")
    roles = locked_roles(access)
    if parent is not None and parent.pk not in roles:
        raise Invalid(parent=_("There is no such role."))
    name = _checked(name, roles)
    role = Role.objects.create(
        organisation=access.organisation, name=name, parent=parent, shares_with_peers=shares_with_peers
    )
    above = roles[parent.pk].name if parent else None
    record(access, "role.added", role, changes={"name": [None, name], "under": [None, above]})
    return role


@repeatable
def edit_role(access: Access, role: Role, *, name: str, shares_with_peers: bool, seen: int | None = None) -> Role:
    """Rename a role, and say whether its members see each other's records; it counts from their next request.

    Raises BeyondSight, Invalid, and StaleVersion if the role was changed since version `seen`.
    """
    access.require("profiles.edit")
    roles = locked_roles(access)
    role = _known(roles, role)
    if seen is not None and role.version != seen:
        raise StaleVersion
    name = _checked(name, roles, besides=role)
    changes: dict[str, list[object]] = {}
    if name != role.name:
        changes["name"] = [role.name, name]
    if shares_with_peers != role.shares_with_peers:
        changes["shares_with_peers"] = [role.shares_with_peers, shares_with_peers]
    if changes:
        role.name, role.shares_with_peers = name, shares_with_peers
        role.version += 1
        role.save(update_fields=["name", "shares_with_peers", "version"])
        record(access, "role.edited", role, changes=changes)
    return role


@repeatable
def move_role(access: Access, role: Role, parent: Role | None) -> Role:
    """Put a role, with all that lies under it, under `parent`, or at the top.

    Raises UnderItself where that would bend the tree into a circle: two people who put two roles under each other at
    the same moment meet it, too. Raises BeyondSight.
    """
    access.require("profiles.edit")
    roles = locked_roles(access)
    role = _known(roles, role)
    if parent is not None:
        parent = _known(roles, parent)
        if parent.pk == role.pk or parent.pk in below(role.pk, _parents(roles)):
            raise UnderItself
    before = role.parent_id
    if before == (parent.pk if parent else None):
        return role
    role.parent = parent
    role.version += 1
    role.save(update_fields=["parent", "version"])
    names = [roles[pk].name if pk else None for pk in (before, parent.pk if parent else None)]
    record(access, "role.moved", role, changes={"under": names})
    return role


@repeatable
def delete_role(access: Access, role: Role, *, heir: Role | None = None) -> None:
    """Delete a role; its members and the roles under it go to `heir`.

    Raises RoleHeld if there are any and nobody was said to take them over (C12), UnderItself if the heir is the role
    itself or lies under it, BeyondSight.
    """
    access.require("profiles.edit")
    # Whoever gives somebody a role locks the person first, then the roles.
    lock_in_order(Member.objects.filter(role=role))
    roles = locked_roles(access)
    role = _known(roles, role)
    # A plain FOR UPDATE waits for members who are being added with this role, too.
    Role.objects.select_for_update().get(pk=role.pk)
    members = Member.objects.filter(role=role)
    children = [one for one in roles.values() if one.parent_id == role.pk]
    names = list(members.values_list("name", flat=True))
    if heir is None and (names or children):
        raise RoleHeld
    if heir is not None:
        heir = _known(roles, heir)
        if heir.pk == role.pk or heir.pk in below(role.pk, _parents(roles)):
            raise UnderItself
        for member in members:
            member.role = heir
            member.version += 1
            member.save(update_fields=["role", "version"])
            record(access, "member.edited", member, changes={"role": [role.name, heir.name]})
        for child in children:
            child.parent = heir
            child.version += 1
            child.save(update_fields=["parent", "version"])
            record(access, "role.moved", child, changes={"under": [role.name, heir.name]})
    record(access, "role.deleted", role, changes={"name": [role.name, None]})
    role.delete()


def locked_roles(access: Access) -> dict[int, Role]:
    """Lock all roles, there are not many, in the order of their ids: what is decided on a tree holds for the whole."""
    roles = {row.pk: row for row in lock_in_order(Role.objects.all())}
    now = as_now(access)
    now.require("profiles.edit")
    require_sees_all(now)
    return roles


def _known(roles: dict[int, Role], role: Role) -> Role:
    found = roles.get(role.pk)
    if found is None:
        raise Invalid(role=_("There is no such role."))
    return found


def _parents(roles: dict[int, Role]) -> list[tuple[int, int | None]]:
    return [(one.pk, one.parent_id) for one in roles.values()]


def _checked(name: str, roles: dict[int, Role], *, besides: Role | None = None) -> str:
    name = clean(name)
    if not name:
        raise Invalid(name=_("Type the name of the role."))
    if len(name) > 80:
        raise Invalid(name=_("A name has at most 80 characters."))
    if any(one.name == name for one in roles.values() if besides is None or one.pk != besides.pk):
        raise Invalid(name=_("Another role has this name already."))
    return name
