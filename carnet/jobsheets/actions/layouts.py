"""The layouts of job sheets beside the standard one: added, renamed, taken away and put back.

One that is taken away is only no longer chosen: sheets that were filled in with it are drawn by it for ever.
"""

from __future__ import annotations

from django.utils.text import slugify
from django.utils.translation import gettext as _

from carnet.base.errors import Invalid
from carnet.base.locking import locked
from carnet.base.typed_text import clean, fold
from carnet.base.unit_of_work import repeatable
from carnet.catalogue.models import Service
from carnet.customisation.actions.layouts import newest_of, write_version
from carnet.customisation.models import Layout, Module
from carnet.customisation.predefined import STANDARD, predefined
from carnet.customisation.queries import draft_of
from carnet.jobsheets.errors import SheetLayoutInUse
from carnet.jobsheets.queries import sheet_layouts
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.organisations.models import Organisation
from carnet.organisations.permissions import EDIT_LAYOUTS

#: As many can be chosen from at once.
MOST_LAYOUTS = 100
LONGEST_LABEL = 80


@repeatable
def add_sheet_layout(access: Access, label: str, *, copied_from: Layout | None = None) -> Layout:
    """Add a layout called `label`: empty, or with the fields of another, which both then have in common.

    Raises Invalid for a label that is empty, too long or another's, and beyond 100 layouts.
    """
    access.require(EDIT_LAYOUTS)
    others = _others(access)
    label = _judged(label, others)
    if len(others) >= MOST_LAYOUTS:
        raise Invalid(label=_("There are %(limit)d layouts already.") % {"limit": MOST_LAYOUTS})
    layout = Layout.objects.create(
        organisation=access.organisation, module=Module.Key.JOB_SHEETS, name=_free_name(label), label=label
    )
    source = newest_of(copied_from) if copied_from is not None else None
    if source is not None:
        write_version(access, layout, 1, draft_of(access, source.document), source.document)
    else:
        empty = {"sections": [{"label": {"fr": "Feuille de travail", "en": "Job sheet"}, "fields": []}]}
        write_version(access, layout, 1, empty, predefined(layout.module, layout.name))
    copied = {"copied_from": [None, str(copied_from)]} if copied_from is not None else {}
    record(access, "layout.created", layout, changes={"label": [None, label], **copied})
    return layout


@repeatable
def rename_sheet_layout(access: Access, layout: Layout, label: str) -> Layout:
    """Call it something else for people; programs keep its name. Raises Invalid as `add_sheet_layout`."""
    access.require(EDIT_LAYOUTS)
    others = _others(access, layout)
    layout = _locked(layout)
    label = _judged(label, others)
    if label == layout.label:
        return layout
    before, layout.label = layout.label, label
    layout.save(update_fields=["label"])
    record(access, "layout.renamed", layout, changes={"label": [before, label]})
    return layout


@repeatable
def remove_sheet_layout(access: Access, layout: Layout) -> Layout:
    """Take a layout out of what can be chosen; raises SheetLayoutInUse while services use it.

    Nothing that was filled in with it changes, and it can be put back.
    """
    access.require(EDIT_LAYOUTS)
    layout = _locked(layout)
    if layout.name == STANDARD:
        raise Invalid(label=_("The standard layout stays: services without a layout of their own use it."))
    if layout.archived:
        return layout
    users = Service.objects.filter(job_sheet_layout=layout, deleted_at__isnull=True).order_by("name", "pk")
    if users:
        raise SheetLayoutInUse([service.name for service in users])
    return _archived(access, layout, True)


@repeatable
def return_sheet_layout(access: Access, layout: Layout) -> Layout:
    """Let a layout that was taken away be chosen again; raises Invalid if another is called so by now."""
    access.require(EDIT_LAYOUTS)
    others = _others(access, layout)
    layout = _locked(layout)
    if not layout.archived:
        return layout
    _judged(layout.label, others)
    return _archived(access, layout, False)


def _archived(access: Access, layout: Layout, archived: bool) -> Layout:
    layout.archived = archived
    layout.save(update_fields=["archived"])
    kind = "layout.removed" if archived else "layout.returned"
    record(access, kind, layout, changes={"label": [layout.label, None] if archived else [None, layout.label]})
    return layout


def _others(access: Access, than: Layout | None = None) -> list[Layout]:
    """Return the other layouts that can be chosen; whoever else would call one something waits here."""
    locked(Organisation.objects.all(), pk=access.organisation.pk)
    return [one for one in sheet_layouts() if than is None or one.pk != than.pk]


def _locked(layout: Layout) -> Layout:
    return locked(Layout.objects.filter(module=Module.Key.JOB_SHEETS), pk=layout.pk)


def _judged(label: str, others: list[Layout]) -> str:
    label = " ".join(clean(label).split())
    if not label or len(label) > LONGEST_LABEL:
        raise Invalid(label=_("Type a name of at most %(limit)d characters.") % {"limit": LONGEST_LABEL})
    if any(fold(label) == fold(one.label) for one in others):
        raise Invalid(label=_("Another layout is called like this."))
    return label


def _free_name(label: str) -> str:
    """Return a name for addresses that no layout ever had, made of what people call it."""
    taken = set(Layout.objects.filter(module=Module.Key.JOB_SHEETS).values_list("name", flat=True)) | {STANDARD}
    begins = slugify(label)[:60] or "layout"
    names = [begins, *(f"{begins}-{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)
