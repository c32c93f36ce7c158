"""« Rôles »: the tree that says whose records are seen, and each role in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from carnet.base.errors import Invalid, TradeError
from carnet.desk.forms.roles import NewRoleForm, RoleDeletionForm, RoleForm, RolePlaceForm
from carnet.desk.queries.roles import role_tree
from carnet.desk.sheets import open_page, private, wants_fragment
from carnet.desk.views.set_up_places import ROLES, Place, set_up_page, tell
from carnet.organisations.actions import add_role, delete_role, edit_role, move_role
from carnet.organisations.models import Member, Role
from carnet.organisations.requests import OrganisationRequest


@require_GET
def roles(request: OrganisationRequest) -> HttpResponse:
    """The tree."""
    request.access.require("profiles.edit")
    return set_up_page(request, ROLES, "roles", _tree(request))


@require_http_methods(["GET", "POST"])
def role_new(request: OrganisationRequest) -> HttpResponse:
    """A role to be added, under the one that the address names."""
    access = request.access
    access.require("profiles.edit")
    under = _named(request.GET.get("under", ""))
    form = NewRoleForm(access, under, request.POST if request.method == "POST" else None)

    def add() -> str:
        role = add_role(
            access, form.cleaned_data["name"], parent=form.parent, shares_with_peers=form.cleaned_data["shares"]
        )
        messages.success(request, _("The role %(name)s is added.") % {"name": role.name})
        return ROLES.url

    def page(status: int) -> HttpResponse:
        context = {"form": form, "may_change": access.reaches_everything}
        return set_up_page(request, Place("role_new", _("New role"), ROLES), "role_new", context, status=status)

    return _answered(request, form, add, page)


@require_http_methods(["GET", "POST"])
def role(request: OrganisationRequest, role_id: UUID) -> HttpResponse:
    """One role: its name, whether peers see each other, where it lies, who has it."""
    access = request.access
    access.require("profiles.edit")
    found = _asked(role_id)
    form = RoleForm.of(found, request.POST) if request.method == "POST" else RoleForm.of(found)

    def change() -> str:
        data = form.cleaned_data
        edit_role(access, found, name=data["name"], shares_with_peers=data["shares"], seen=data["version"])
        messages.success(request, _("Saved."))
        return ROLES.url

    return _answered(request, form, change, lambda status: _role_page(request, found, form=form, status=status))


@require_POST
def place(request: OrganisationRequest, role_id: UUID) -> HttpResponse:
    """Put a role under another one: from its page, or from the tree, which is then drawn anew."""
    access = request.access
    access.require("profiles.edit")
    found = _asked(role_id)
    form = RolePlaceForm(access, found, request.POST)
    if not form.is_valid():
        return _role_page(request, found, place_form=form, status=422)
    try:
        moved = move_role(access, found, form.parent)
    except TradeError as error:
        if wants_fragment(request):
            return _tree_fragment(request, moved=found, refusal=error)
        form.add_error("under", error.sentence())
        return _role_page(request, found, place_form=form, status=error.status)
    under = form.parent
    said = (
        _("%(role)s now lies under %(above)s.") % {"role": moved.name, "above": under.name}
        if under
        else _("%(role)s now lies at the top.") % {"role": moved.name}
    )
    if wants_fragment(request):
        return _tree_fragment(request, moved=found, toast=said)
    messages.success(request, said)
    return open_page(request, ROLES.url)


@require_http_methods(["GET", "POST"])
def deletion(request: OrganisationRequest, role_id: UUID) -> HttpResponse:
    """Ask whether a role is to be deleted, and who takes over what it holds."""
    access = request.access
    access.require("profiles.edit")
    found = _asked(role_id)
    members = Member.objects.filter(role=found)
    children = Role.objects.filter(parent=found)
    needed = members.exists() or children.exists()
    form = RoleDeletionForm(access, found, request.POST if request.method == "POST" else None, needed=needed)

    def delete() -> str:
        delete_role(access, found, heir=form.heir)
        messages.success(request, _("The role %(name)s is deleted.") % {"name": found.name})
        return ROLES.url

    def page(status: int) -> HttpResponse:
        where = Place("role_deletion", _("Delete the role?"), _place(found), arguments=(found.public_id,))
        context = {
            "role": found,
            "form": form,
            "members": members,
            "children": children,
            "is_last": needed and not getattr(form.fields["heir"], "known", ()),
            "may_change": access.reaches_everything,
        }
        return set_up_page(request, where, "role_deletion", context, status=status)

    return _answered(request, form, delete, page)


def _asked(role_id: UUID) -> Role:
    return get_object_or_404(Role.objects.select_related("parent"), public_id=role_id)


def _named(text: str) -> Role | None:
    """Return the role whose id stands in an address, None for whatever else stands there."""
    try:
        return Role.objects.filter(public_id=UUID(text)).first()
    except ValueError:
        return None


def _place(found: Role) -> Place:
    return Place("role", found.name, ROLES, arguments=(found.public_id,))


def _role_page(
    request: OrganisationRequest,
    found: Role,
    *,
    form: RoleForm | None = None,
    place_form: RolePlaceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "role": found,
        "form": form or RoleForm.of(found),
        "place_form": place_form or RolePlaceForm(request.access, found),
        "members": Member.objects.filter(role=found).order_by("-active", "position", "pk"),
        "may_change": request.access.reaches_everything,
    }
    return set_up_page(request, _place(found), "role", context, status=status)


def _tree(request: OrganisationRequest, **more: Any) -> dict[str, Any]:
    return {"tree": role_tree(request.access), "may_change": request.access.reaches_everything, **more}


def _tree_fragment(
    request: OrganisationRequest, *, moved: Role, toast: str = "", refusal: TradeError | None = None
) -> HttpResponse:
    context = _tree(request, moved=moved, toast=toast, refusal=refusal)
    status = 409 if refusal else 200
    return private(render(request, "desk/set_up/_roles.html", context, status=status))


def _answered(
    request: OrganisationRequest, form: forms.Form, act: Callable[[], str], page: Callable[[int], HttpResponse]
) -> HttpResponse:
    """Show the page; or do what its form asks for and lead on, else show it again with what was refused."""
    if request.method != "POST":
        return page(200)
    if not form.is_valid():
        return page(422)
    try:
        return open_page(request, act())
    except Invalid as error:
        tell(form, error)
        return page(422)
    except TradeError as error:
        form.add_error(None, error.sentence())
        return page(error.status)
