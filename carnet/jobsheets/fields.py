"""The fields of a job sheet: those of its layout, in all of its versions, since old sheets are drawn by old ones."""

from __future__ import annotations

from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from carnet.customisation.models import LayoutVersion
from carnet.customisation.queries import fields_of, key_of, label_in
from carnet.organisations.access import Access
from carnet.organisations.fields import Module, RecordField, declare_fields

JOB_SHEETS: Final = "job_sheets"


def _laid_out(access: Access) -> list[RecordField]:
    """Return every field that a sheet may be drawn with, called as the newest version calls it."""
    versions = LayoutVersion.objects.filter(organisation=access.organisation, layout__module=JOB_SHEETS)
    language = get_language() or ""
    found: dict[str, RecordField] = {}
    for version in versions.order_by("-number"):
        for field in fields_of(version.document):
            key = key_of(field)
            found.setdefault(key, RecordField(key, label_in(field["label"], language)))
    return list(found.values())


declare_fields(Module(JOB_SHEETS, _("Job sheets"), "jobsheet", (), _laid_out))
