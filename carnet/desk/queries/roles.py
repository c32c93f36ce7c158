"""The tree of roles as it is drawn: each with its members, and with what lies under it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from carnet.organisations.access import Access
from carnet.organisations.models import Member, Role
from carnet.organisations.role_tree import below


@dataclass(frozen=True, slots=True)
class Node:
    """One role of the tree."""

    role: Role
    members: Sequence[Member]
    children: list[Node] = field(default_factory=list)

    def walked(self) -> Iterator[Node]:
        """Yield this one and all under it, as they are read from above."""
        yield self
        for child in self.children:
            yield from child.walked()


def role_tree(access: Access) -> list[Node]:
    """Return the roles at the top, with those under them, each by name; of members those who are active.

    For who moves roles, and for who gives them to members.
    """
    access.require_any(("profiles.edit", "members.edit"))
    members: dict[int, list[Member]] = {}
    for member in access.visible(Member.objects.filter(active=True)):
        members.setdefault(member.role_id, []).append(member)
    nodes = {role.pk: Node(role, members.get(role.pk, ())) for role in Role.objects.all()}
    for node in nodes.values():
        if node.role.parent_id is not None:
            nodes[node.role.parent_id].children.append(node)
    return [node for node in nodes.values() if node.role.parent_id is None]


def role_lines(access: Access, *, besides: Role | None = None) -> list[tuple[Role, str]]:
    """Return the roles in the order of the tree, each with its way from the top; `besides` one and all under it."""
    left_out = {besides.pk} if besides else set()
    if besides:
        left_out |= below(besides.pk, Role.objects.order_by().values_list("pk", "parent_id"))

    def lines(nodes: Sequence[Node], way: str) -> Iterator[tuple[Role, str]]:
        for node in nodes:
            words = f"{way} › {node.role.name}" if way else node.role.name
            if node.role.pk not in left_out:
                yield node.role, words
            yield from lines(node.children, words)

    return list(lines(role_tree(access), ""))
