"""The way to « Qui peut voir ceci ? » of a record: {% why_link "customer" customer %}."""

from __future__ import annotations

from typing import Any

from django import template

register = template.Library()


@register.inclusion_tag("desk/set_up/_why_link.html", takes_context=True)
def why_link(context: dict[str, Any], sort: str, record: Any) -> dict[str, Any]:
    """Draw it for who may manage members; nothing for anybody else."""
    access = context.get("access")
    return {"sort": sort, "record": record, "shown": access is not None and access.may("profiles.edit")}
