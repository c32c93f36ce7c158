"""The changes of a service, or of the business hours, that had visits in their way: {% changes_of service %}."""

from __future__ import annotations

from typing import Any

from django import template

from carnet.catalogue.models import Service
from carnet.desk.queries.impact import changes_shown

register = template.Library()


@register.inclusion_tag("desk/impact/_changes.html", takes_context=True)
def changes_of(context: dict[str, Any], service: Service | None = None) -> dict[str, Any]:
    """Draw the latest of them with the way to each; nothing for a reader who could not have made them."""
    access = context["access"]
    return {"changes": changes_shown(access, service), "organisation": context["organisation"]}
