"""Converting a field: its type never changes, so a new one takes its place and gets what converts of its values."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from carnet.base.unit_of_work import repeatable
from carnet.customisation.actions.copying import copy_converted, copy_some, holders
from carnet.customisation.actions.layouts import save_layout
from carnet.customisation.converting import Wanted, new_field
from carnet.customisation.errors import LayoutRefused
from carnet.customisation.models import Conversion, Field
from carnet.customisation.queries import FieldEntry, current_layout, draft_of, fields_of, key_of, label_in
from carnet.customisation.records import kept_of
from carnet.customisation.types import NotAccepted
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.organisations.models import FieldRight
from carnet.organisations.permissions import EDIT_LAYOUTS

#: The values of so many records are copied at once; of more by the worker, while people go on working.
AT_ONCE: Final = 1_000


@repeatable
def convert_field(access: Access, module: str, name: str, key: str, wanted: Wanted, *, version: int) -> Conversion:
    """Put a field of another type in the place of the field `key`, and copy into it what converts of its values.

    The old field goes to the tray of removed ones with all that it holds. Whoever may not see or edit the old one may
    not the new one either. Sheets that were filled in stay as they are. `version` is that of the layout that was
    looked at. Raises LayoutChanged and LayoutRefused as `save_layout`, FieldRefused for a field that is hidden.
    """
    access.require(EDIT_LAYOUTS)
    current = current_layout(access, module, name)
    field = next((one for one in fields_of(current.document) if "id" in one and key_of(one) == key), None)
    if field is None:
        raise LayoutRefused(_("There is no such field."))
    access.require_fields(module, [key])
    try:
        drafted = new_field(access, field, wanted)
    except NotAccepted as refused:
        raise LayoutRefused(str(refused)) from None
    draft = draft_of(access, current.document)
    for section in draft["sections"]:
        section["fields"] = [drafted if one.get("id") == field["id"] else one for one in section["fields"]]
    saved = save_layout(access, module, name, draft, version=version)
    before = {one["id"] for one in fields_of(current.document) if "id" in one}
    made = next(one for one in fields_of(saved.document) if "id" in one and one["id"] not in before)
    _keep_rights(access, module, key, key_of(made))
    conversion = Conversion.objects.create(
        organisation=access.organisation,
        version=saved,
        source=Field.objects.get(pk=field["id"]),
        target=Field.objects.get(pk=made["id"]),
        language=get_language() or access.organisation.language,
        of_records=holders(field["id"]).count() if kept_of(module) else 0,
        started_at=access.now,
        member=access.member,
    )
    record(access, "layout.field_converted", saved.layout, changes={"label": _told(field, made)})
    if conversion.of_records > AT_ONCE:
        copy_converted.enqueue(access.organisation.pk, conversion.pk)
        return conversion
    while copy_some(access, conversion.pk):
        pass
    conversion.refresh_from_db()
    return conversion


def _keep_rights(access: Access, module: str, old: str, new: str) -> None:
    """Let the new field be hidden from whom the old one is: else converting would open it to everybody."""
    FieldRight.objects.bulk_create(
        FieldRight(
            organisation=access.organisation, profile_id=one.profile_id, module=module, field=new, right=one.right
        )
        for one in FieldRight.objects.filter(module=module, field=old)
    )


def _told(old: FieldEntry, new: FieldEntry) -> list[Any]:
    language = get_language() or ""
    return [f"{label_in(one['label'], language)} ({key_of(one)}, {one['type']})" for one in (old, new)]
