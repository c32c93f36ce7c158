"""One member in the set-up: who it is, changed here; leaving and coming back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from carnet.appointments.actions import deactivate_member, leave_organisation
from carnet.base.errors import Invalid, StaleVersion, TradeError
from carnet.desk.forms.members import InvitationForm, MemberDetailsForm
from carnet.desk.queries.history import record_history
from carnet.desk.sheets import open_page
from carnet.desk.views.departure import Departure
from carnet.desk.views.set_up_places import MEMBERS, Place, set_up_page, tell
from carnet.messages.invitations import is_mail_set_up
from carnet.organisations.above import is_above
from carnet.organisations.invitations import link_for, qr_code
from carnet.organisations.models import Member, Organisation
from carnet.organisations.requests import OrganisationRequest
from carnet.resources.actions import change_member, take_back_member

#: The invitation whose link the next look at its member's page shows, once; the link itself is kept nowhere.
SHOWN_ONCE = "invitation_shown_once"


def asked(request: OrganisationRequest, member_id: UUID) -> Member:
    """Return the member that the address names, to who may change the set-up."""
    request.access.require("members.edit")
    return get_object_or_404(Member.objects.select_related("profile", "role", "user"), public_id=member_id)


def place_of(member: Member) -> Place:
    return Place("member", member.name, MEMBERS, arguments=(member.public_id,))


@require_GET
def member(request: OrganisationRequest, member_id: UUID) -> HttpResponse:
    return member_page(request, asked(request, member_id))


def member_page(
    request: OrganisationRequest,
    found: Member,
    *,
    refusal: TradeError | None = None,
    form: InvitationForm | None = None,
) -> HttpResponse:
    """Answer with the page of one member; the link of an invitation made just now is on it this one time."""
    is_oneself = request.access.member == found
    invitation = found.invitations.filter(accepted_at__isnull=True, revoked_at__isnull=True).first()
    link = ""
    if invitation is not None and request.session.pop(SHOWN_ONCE, None) == invitation.pk and not is_mail_set_up():
        link = link_for(invitation)
    context = {
        "member": found,
        "is_oneself": is_oneself,
        "may_change": not is_oneself and not is_above(request.access, found.profile),
        "may_edit": not is_above(request.access, found.profile),
        "refusal": refusal,
        "invitation": invitation,
        "expired": invitation is not None and invitation.expires_at <= request.access.now,
        "form": form or InvitationForm(),
        "link": link,
        "qr_code": qr_code(link) if link else "",
        "mail_is_set_up": is_mail_set_up(),
        "history": record_history(request.access, found),
    }
    status = refusal.status if refusal else 422 if form else 200
    return set_up_page(request, place_of(found), "member", context, status=status)


@require_http_methods(["GET", "POST"])
def edit(request: OrganisationRequest, member_id: UUID) -> HttpResponse:
    """Name, phone and role of a member; whoever decides on what has changed meanwhile is shown what is so now."""
    access = request.access
    found = asked(request, member_id)
    form = MemberDetailsForm(access, found, request.POST if request.method == "POST" else None)

    def page(form: MemberDetailsForm, status: int = 200) -> HttpResponse:
        where = Place("member_edit", _("Edit"), place_of(found), arguments=(found.public_id,))
        context = {"member": found, "form": form, "may_change": not is_above(access, found.profile)}
        return set_up_page(request, where, "member_edit", context, status=status)

    if request.method != "POST":
        return page(form)
    if not form.is_valid():
        return page(form, 422)
    try:
        change_member(access, found, form.details(), seen=form.cleaned_data["version"])
    except StaleVersion as error:
        messages.error(request, error.sentence())
        found = asked(request, member_id)
        return page(MemberDetailsForm(access, found), error.status)
    except Invalid as error:
        tell(form, error)
        return page(form, 422)
    except TradeError as error:
        form.add_error(None, error.sentence())
        return page(form, error.status)
    messages.success(request, _("Saved."))
    return open_page(request, place_of(found).url)


@require_http_methods(["GET", "POST"])
def deactivation(request: OrganisationRequest, member_id: UUID) -> HttpResponse:
    """Show what the member leaves and who takes it over; the form does it, if it is still as it was seen."""
    found = asked(request, member_id)
    if not found.active:
        return open_page(request, place_of(found).url)
    page = Departure(
        request,
        found,
        Place("member_deactivation", _("Deactivate"), place_of(found), arguments=(found.public_id,)),
        deactivate_member,
        "member_deactivation",
    )
    return page.answer() or _gone(request, _("%(name)s is deactivated."), found, MEMBERS.url)


@require_http_methods(["GET", "POST"])
def departure(request: OrganisationRequest) -> HttpResponse:
    """Leave the organisation oneself: show what is left and to whom, then go."""
    oneself = request.access.member
    assert oneself is not None
    page = Departure(request, oneself, Place("departure", _("Leave the organisation")), leave_organisation, "departure")
    return page.answer() or _gone(
        request, _("You have left %(name)s."), request.organisation, "/accounts/organisations/"
    )


def _gone(request: OrganisationRequest, said: str, whom: Member | Organisation, address: str) -> HttpResponse:
    messages.success(request, said % {"name": whom.name})
    return open_page(request, address)


@require_POST
def reactivation(request: OrganisationRequest, member_id: UUID) -> HttpResponse:
    found = asked(request, member_id)
    try:
        take_back_member(request.access, found)
    except TradeError as error:
        return member_page(request, found, refusal=error)
    messages.success(request, _("%(name)s is a member again.") % {"name": found.name})
    return open_page(request, place_of(found).url)
