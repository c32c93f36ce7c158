"""What stands above every page while an organisation rests, or is going to be deleted."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest
from django.template.loader import render_to_string

from carnet.organisations.access import Access


def end_in_sight(request: HttpRequest) -> str:
    """Draw it for who can change it: the days that are left are counted, the last one as one."""
    access: Access = request.access  # type: ignore[attr-defined]
    organisation = access.organisation
    rests, due = organisation.suspended_at, organisation.deletion_due_at
    if (rests is None and due is None) or not access.may("organisation.manage"):
        return ""
    days = 0 if due is None else max(1, -((access.now - due) // timedelta(days=1)))
    context = {"organisation": organisation, "days": days}
    return render_to_string("desk/set_up/_end_in_sight.html", context, request=request)
