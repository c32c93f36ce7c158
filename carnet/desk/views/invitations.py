"""Inviting a member to sign in: send, send again, revoke."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from carnet.base.errors import Invalid, TradeError
from carnet.desk.forms.members import InvitationForm
from carnet.desk.sheets import open_page
from carnet.desk.views.members import SHOWN_ONCE, asked, member_page, place_of
from carnet.desk.views.set_up_places import tell
from carnet.messages.invitations import invite, is_mail_set_up
from carnet.organisations.actions import revoke_invitation
from carnet.organisations.models import Invitation
from carnet.organisations.requests import OrganisationRequest


@require_POST
def invitation(request: OrganisationRequest, member_id: UUID) -> HttpResponse:
    """Invite the member at an address, or once more: the link until now is void."""
    found = asked(request, member_id)
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return member_page(request, found, form=form)
    try:
        return invited(request, invite(request.access, found, form.cleaned_data["email"]))
    except Invalid as error:
        tell(form, error)
        return member_page(request, found, form=form)
    except TradeError as error:
        return member_page(request, found, refusal=error)


def invited(request: OrganisationRequest, made: Invitation) -> HttpResponse:
    """Answer once somebody is invited: with the member's page, which shows the link if no letter does."""
    request.session[SHOWN_ONCE] = made.pk
    if is_mail_set_up():
        messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": made.email})
    return open_page(request, place_of(made.member).url)


@require_POST
def end(request: OrganisationRequest, member_id: UUID) -> HttpResponse:
    """Revoke the invitation: its link opens nothing any more."""
    found = asked(request, member_id)
    try:
        revoke_invitation(request.access, found)
    except TradeError as error:
        return member_page(request, found, refusal=error)
    messages.success(request, _("The invitation is revoked."))
    return open_page(request, place_of(found).url)
