"""« Qui peut voir ceci ? »: for a record and a member, the verdict and the rules it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from carnet.desk.queries.activity import SUBJECTS
from carnet.desk.queries.why import SORTS, why
from carnet.desk.views.set_up_places import ROLES, Place, set_up_page
from carnet.organisations.access import Access
from carnet.organisations.models import Member
from carnet.organisations.requests import OrganisationRequest


class WhyForm(forms.Form):
    member = forms.ChoiceField(label=gettext_lazy("Member"))

    def __init__(self, access: Access, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        members = access.visible(Member.objects.select_related("organisation", "profile", "role"))
        self.known = {one.public_id_text: one for one in members}
        field = self.fields["member"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, one.name) for key, one in self.known.items()]

    @property
    def member_chosen(self) -> Member:
        return self.known[self.cleaned_data["member"]]


@require_GET
def why_page(request: OrganisationRequest, sort: str, record_id: UUID) -> HttpResponse:
    """Ask about one record that the reader sees: a customer, an appointment, a service, a job sheet."""
    access = request.access
    access.require("profiles.edit")
    if sort not in SORTS:
        raise Http404
    asked = SORTS[sort]
    for permission in asked.permissions:
        access.require(permission)
    rows = access.visible(asked.model._default_manager.all())
    if asked.reasons is not None:
        rows = rows.select_related("owner__role")
    record = get_object_or_404(rows, public_id=record_id)
    form = WhyForm(access, request.GET if "member" in request.GET else None)
    answer = why(access, form.member_chosen, asked, record) if form.is_valid() else None
    subject = SUBJECTS["appointment" if sort == "job-sheet" else sort]
    context = {
        "form": form,
        "answer": answer,
        "sort": asked.words,
        "called": subject.called(access, record),
        "roles_place": ROLES,
    }
    place = Place("why", _("Who can see this?"), ROLES.within, arguments=(sort, record_id))
    return set_up_page(request, place, "why", context, status=422 if form.is_bound and answer is None else 200)
