"""What is done with the services that are ticked: asked once, then for all of them, or for none and a report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from carnet.appointments.actions.delete_service import coming_by_service, delete_service
from carnet.base.errors import Invalid
from carnet.catalogue.actions import SelectionRefused, add_provider, change_each, change_prices, mark_not_in_use
from carnet.catalogue.models import Service
from carnet.desk.forms.selection import AddMemberForm, PricesForm
from carnet.desk.sheets import open_page, private, wants_fragment
from carnet.desk.views.price_list import catalogue_address, catalogue_page
from carnet.organisations.access import Access
from carnet.organisations.requests import OrganisationRequest

Change = Callable[[Access, Service], object]
#: What can be done, and the permission without which it is not offered.
_DOINGS = {
    "not_in_use": "catalogue.edit",
    "member": "catalogue.edit",
    "prices": "catalogue.edit",
    "delete": "catalogue.delete",
}
#: More than fit on a page were not ticked by anybody.
_MOST = 2_000


@require_POST
def selection(request: OrganisationRequest) -> HttpResponse:
    """Ask what is still to be said, or, once that is `confirmed`, do it."""
    access = request.access
    access.require("catalogue.edit")
    doing = request.POST.get("do", "")
    if doing not in _DOINGS:
        raise Http404
    access.require(_DOINGS[doing])
    chosen = _chosen(request)
    if not chosen:
        return _answer(request, doing, [], status=422)
    confirmed = "confirmed" in request.POST
    form = _form(doing, request if confirmed else None)
    if not confirmed:
        return _answer(request, doing, chosen, form=form)
    if form is not None and not form.is_valid():
        return _answer(request, doing, chosen, form=form, status=422)
    try:
        count = change_each(access, chosen, _change(doing, form))
    except SelectionRefused as refused:
        return _answer(request, doing, chosen, form=form, refused=refused, status=409)
    except Invalid as error:
        assert form is not None
        for name, text in error.errors.items():
            form.add_error(name if name in form.fields else None, str(text))
        return _answer(request, doing, chosen, form=form, status=422)
    messages.success(request, _done(doing, count))
    return open_page(request, catalogue_address(request))


def _chosen(request: OrganisationRequest) -> list[Service]:
    """Return the services that are ticked, in the order of the list; 404 if one of them may not be seen."""
    given = request.POST.getlist("service")[:_MOST]
    if "except_refused" in request.POST:
        left_out = set(request.POST.getlist("refused"))
        given = [one for one in given if one not in left_out]
    try:
        wanted = {UUID(one) for one in given}
    except ValueError:
        raise Http404 from None
    found = list(request.access.visible(Service.objects.filter(deleted_at__isnull=True, public_id__in=wanted)))
    if len(found) < len(wanted):
        raise Http404
    return found


def _form(doing: str, request: OrganisationRequest | None) -> forms.Form | None:
    data = request.POST if request else None
    return {"member": AddMemberForm, "prices": PricesForm}[doing](data) if doing in ("member", "prices") else None


def _change(doing: str, form: forms.Form | None) -> Change:
    match doing:
        case "not_in_use":
            return mark_not_in_use
        case "delete":
            return delete_service
    assert form is not None
    if doing == "member":
        return add_provider(form.cleaned_data["member"])
    return change_prices(form.cleaned_data["percent"])


def _answer(
    request: OrganisationRequest,
    doing: str,
    chosen: list[Service],
    *,
    form: forms.Form | None = None,
    refused: SelectionRefused | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with the question; the ticks stay behind it."""
    # Nobody is cancelled silently: who takes a service out of use sees the visits that stand, and where to move them.
    coming = coming_by_service(request.access, chosen) if doing == "not_in_use" else {}
    context: dict[str, Any] = {
        "doing": doing,
        "chosen": [(service, coming.get(service.pk, 0)) for service in chosen],
        "form": form,
        # Some sentences name the service themselves.
        "rows": [(row, row.service.name not in row.sentence) for row in refused.rows] if refused else (),
        "others": len(chosen) - len(refused.rows) if refused else 0,
        "action": request.get_full_path(),
        "close_url": catalogue_address(request),
    }
    template = "desk/catalogue/_selection.html"
    if wants_fragment(request):
        return private(render(request, template, context, status=status))
    ticked = [service.public_id_text for service in chosen]
    return catalogue_page(request, sheet_template=template, context=context, ticked=ticked, status=status)


def _done(doing: str, count: int) -> str:
    said = {
        "not_in_use": ngettext(
            "%(count)d service is marked as not in use.", "%(count)d services are marked as not in use.", count
        ),
        "member": ngettext(
            "The member now provides %(count)d service.", "The member now provides %(count)d services.", count
        ),
        "prices": ngettext(
            "The prices of %(count)d service are changed.", "The prices of %(count)d services are changed.", count
        ),
        "delete": ngettext("%(count)d service is in the bin.", "%(count)d services are in the bin.", count),
    }[doing]
    return said % {"count": count}
