"""« Profils »: what each allows, who holds it, and which one a member has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from carnet.base.errors import Invalid, StaleVersion, TradeError
from carnet.desk.forms.profiles import MemberProfileForm, ProfileForm
from carnet.desk.forms.second_step import SecondStepForm
from carnet.desk.queries.field_rights import RIGHTS, field_tables
from carnet.desk.queries.rights import REACHES, VERBS, rests_text
from carnet.desk.sheets import open_page
from carnet.desk.views.members import place_of as place_of_member
from carnet.desk.views.set_up_places import PROFILES, Place, set_up_page, tell
from carnet.organisations.above import is_above
from carnet.organisations.actions import assign_profile, clone_profile, delete_profile, edit_profile
from carnet.organisations.models import Member, Profile
from carnet.organisations.requests import OrganisationRequest


@require_GET
def profiles(request: OrganisationRequest) -> HttpResponse:
    """All profiles, and how many members hold each."""
    request.access.require("profiles.edit")
    found = Profile.objects.annotate(held=Count("members")).order_by("pk")
    lines = [
        (one, place_of(one), REACHES[Profile.Reach.EVERYTHING if one.administrator else one.reach]) for one in found
    ]
    return set_up_page(request, PROFILES, "profiles", {"lines": lines})


@require_http_methods(["GET", "POST"])
def profile(request: OrganisationRequest, profile_id: UUID) -> HttpResponse:
    """What a profile allows, to be read, and changed by who may all of it."""
    access = request.access
    access.require("profiles.edit")
    found = get_object_or_404(Profile, public_id=profile_id)
    if request.method != "POST":
        return profile_page(request, found, ProfileForm(access, found))
    form = ProfileForm(access, found, request.POST)

    def change() -> str:
        edit_profile(access, found, form.details(), seen=form.cleaned_data["version"])
        return place_of(found).url

    return _answered(request, form, change, lambda status: profile_page(request, found, form, status=status), found)


@require_http_methods(["GET", "POST"])
def clone(request: OrganisationRequest, profile_id: UUID) -> HttpResponse:
    """A new profile that begins as another one; its name is there to be typed over."""
    access = request.access
    access.require("profiles.edit")
    found = get_object_or_404(Profile, public_id=profile_id)
    name = _("Copy of %(name)s") % {"name": found.name}
    form = ProfileForm(access, found, request.POST if request.method == "POST" else None, name=name[:80])

    def create() -> str:
        return place_of(clone_profile(access, found, form.details())).url

    def page(status: int) -> HttpResponse:
        place = Place("profile_clone", _("Clone the profile"), place_of(found), arguments=(found.public_id,))
        context = {"form": form, "verbs": VERBS.values(), "may_change": not is_above(access, found), "cloning": True}
        return set_up_page(request, place, "profile", context, status=status)

    return _answered(request, form, create, page) if request.method == "POST" else page(200)


@require_http_methods(["GET", "POST"])
def deletion(request: OrganisationRequest, profile_id: UUID) -> HttpResponse:
    """Ask whether a profile is to be deleted, and do it; while somebody holds it, say who."""
    access = request.access
    access.require("profiles.edit")
    found = get_object_or_404(Profile, public_id=profile_id)
    if request.method == "POST":
        delete_profile(access, found)
        messages.success(request, _("The profile %(name)s is deleted.") % {"name": found.name})
        return open_page(request, PROFILES.url)
    place = Place("profile_deletion", _("Delete the profile?"), place_of(found), arguments=(found.public_id,))
    return set_up_page(request, place, "profile_deletion", {"profile": found, "holders": _holders(found)})


@require_http_methods(["GET", "POST"])
def of_member(request: OrganisationRequest, member_id: UUID) -> HttpResponse:
    """Which profile a member has."""
    access = request.access
    access.require("members.edit")
    member = get_object_or_404(access.visible(Member.objects.select_related("profile")), public_id=member_id)
    form = MemberProfileForm(access, member, request.POST if request.method == "POST" else None)

    def give() -> str:
        assign_profile(access, member, form.profile_chosen, seen=form.cleaned_data["version"])
        chosen = place_of(form.profile_chosen)
        return chosen.url if chosen.is_open_to(access) else place_of_member(member).url

    def page(status: int) -> HttpResponse:
        within = place_of(member.profile)
        within = within if within.is_open_to(access) else place_of_member(member)
        place = Place("member_profile", member.name, within, arguments=(member.public_id,))
        context = {"form": form, "member": member, "may_change": not is_above(access, member.profile)}
        return set_up_page(request, place, "member_profile", context, status=status)

    return _answered(request, form, give, page) if request.method == "POST" else page(200)


def place_of(found: Profile) -> Place:
    return Place("profile", found.name, PROFILES, arguments=(found.public_id,))


def _holders(found: Profile) -> list[Member]:
    return list(Member.objects.filter(profile=found).order_by("-active", "position", "pk"))


def profile_page(request: OrganisationRequest, found: Profile, form: ProfileForm, *, status: int = 200) -> HttpResponse:
    above = is_above(request.access, found)
    context: dict[str, Any] = {
        "form": form,
        "verbs": VERBS.values(),
        "profile": found,
        "holders": _holders(found),
        "may_change": not (found.administrator or above),
        "may_clone": not above,
        "tables": field_tables(request.access, found),
        "rights": RIGHTS.values(),
        "second_step": SecondStepForm(found),
    }
    return set_up_page(request, place_of(found), "profile", context, status=status)


def _answered(
    request: OrganisationRequest,
    form: ProfileForm | MemberProfileForm,
    act: Callable[[], str],
    page: Callable[[int], HttpResponse],
    shown: Profile | None = None,
) -> HttpResponse:
    """Do what the form asks for and lead to where it is seen; else show the page again with what was refused."""
    if not form.is_valid():
        return page(422)
    try:
        address = act()
    except StaleVersion as error:
        messages.error(request, error.sentence())
        if shown is None:
            form.add_error(None, error.sentence())
            return page(error.status)
        # What is new must be seen before it is decided on: the profile as it is now, not as it was sent.
        now = get_object_or_404(Profile, pk=shown.pk)
        return profile_page(request, now, ProfileForm(request.access, now), status=error.status)
    except Invalid as error:
        tell(form, error)
        return page(422)
    except TradeError as error:
        form.add_error(None, error.sentence())
        return page(error.status)
    added = rests_text(form.cleaned_data.get("permissions", ()))
    said = _("Saved. With it comes what other rights rest on: %(rights)s.") % {"rights": ", ".join(added)}
    messages.success(request, said if added else _("Saved."))
    return open_page(request, address)
