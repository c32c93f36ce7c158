"""The latest changes of the business hours that had visits in their way: {% changes_of_hours %}."""

from __future__ import annotations

from typing import Any

from django import template

from carnet.desk.queries.impact import changes_of_hours as changes_shown

register = template.Library()


@register.inclusion_tag("desk/impact/_changes.html", takes_context=True)
def changes_of_hours(context: dict[str, Any]) -> dict[str, Any]:
    """Draw them with the way to each; nothing for a reader who could not have made them."""
    return {"changes": changes_shown(context["access"]), "organisation": context["organisation"]}
