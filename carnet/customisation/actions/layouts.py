"""Saving layouts: each save is a new version that never changes, and no field is ever lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from carnet.base.locking import locked
from carnet.base.unit_of_work import repeatable
from carnet.customisation.actions.drafts import document_of
from carnet.customisation.actions.uniqueness import follow_uniqueness
from carnet.customisation.differences import differences, differences_kept
from carnet.customisation.errors import LayoutChanged, LayoutRefused, UnknownModule
from carnet.customisation.models import Layout, LayoutVersion
from carnet.customisation.predefined import MODULES, layout_names, predefined
from carnet.customisation.queries import Document, draft_of
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.organisations.models import Organisation
from carnet.organisations.permissions import EDIT_LAYOUTS


@repeatable
def save_layout(access: Access, module: str, name: str, draft: Mapping[str, Any], *, version: int) -> LayoutVersion:
    """Save a layout as it was drafted (`queries.draft_of` gives the draft to begin with); returns the new version.

    `version` is the number of the one that was edited, 0 for the predefined. Fields that the draft does not mention
    go to the tray of removed ones, with all they hold. Raises LayoutChanged if somebody has saved meanwhile,
    LayoutRefused with a sentence beside everything that is wrong, DuplicateValues for a field made unique.
    """
    access.require(EDIT_LAYOUTS)
    layout, newest = _locked_layout(access, module, name)
    number = newest.number if newest else 0
    before = newest.document if newest else predefined(module, name)
    if version != number:
        raise _changed_meanwhile(layout, version, newest, before)
    saved = write_version(access, layout, number + 1, draft, before)
    kept = differences_kept(before, saved.document)
    record(access, "layout.revised", layout, changes={"version": [number, number + 1], "layout": [None, kept[:50]]})
    return saved


@repeatable
def restore_layout(access: Access, module: str, name: str, number: int, *, version: int) -> LayoutVersion:
    """Save version `number` (0 is the predefined) anew as the newest; fields added since go to the tray.

    Raises as `save_layout`, and LayoutVersion.DoesNotExist.
    """
    access.require(EDIT_LAYOUTS)
    if number == 0 and module != "job_sheets":
        old: Document = predefined(module, name)
    else:
        old = LayoutVersion.objects.get(layout__module=module, layout__name=name, number=number).document
    return save_layout(access, module, name, draft_of(access, old), version=version)


def write_version(
    access: Access, layout: Layout, number: int, draft: Mapping[str, Any], before: Document
) -> LayoutVersion:
    """Write version `number` of a layout that is locked."""
    document = document_of(access, layout, draft, before)
    saved = LayoutVersion.objects.create(
        organisation=access.organisation,
        layout=layout,
        number=number,
        document=document,
        saved_at=access.now,
        member=access.member,
    )
    follow_uniqueness(before, document)
    organisation = locked(Organisation.objects.all(), pk=access.organisation.pk)
    organisation.layouts[f"{layout.module}/{layout.name}"] = saved.pk
    organisation.save(update_fields=["layouts"])
    access.organisation.layouts = organisation.layouts
    return saved


def newest_of(layout: Layout) -> LayoutVersion | None:
    return layout.versions.select_related("member").order_by("-number").first()


def _locked_layout(access: Access, module: str, name: str) -> tuple[Layout, LayoutVersion | None]:
    if module not in MODULES:
        raise UnknownModule(module)
    known = Layout.objects.filter(module=module, name=name).first()
    if known is None:
        if name not in layout_names(module):
            raise LayoutRefused(_("There is no such layout."))
        known, _new = Layout.objects.get_or_create(organisation=access.organisation, module=module, name=name)
    layout = locked(Layout.objects.all(), pk=known.pk)
    return layout, newest_of(layout)


def _changed_meanwhile(layout: Layout, read: int, newest: LayoutVersion | None, now: Document) -> LayoutChanged:
    old = layout.versions.filter(number=read).first()
    then = old.document if old else predefined(layout.module, layout.name)
    who = newest.member.name if newest and newest.member else ""
    return LayoutChanged(who, newest.number if newest else 0, differences(then, now))
