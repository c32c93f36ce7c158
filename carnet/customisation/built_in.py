"""Fields that the product brings, as a layout has them: which stand in it, what they are called, which it demands.

A built-in field that was removed from a layout is in no form, on no page and in no list; the record keeps what it
holds, programs are told it, and once put back it is as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from carnet.base.errors import Invalid
from carnet.customisation.predefined import SHOWN, STANDARD
from carnet.customisation.queries import FieldEntry, current_layout, fields_of, label_in
from carnet.organisations.access import Access


def stands(access: Access, module: str, key: str, *, layout: str = STANDARD) -> bool:
    """Return whether a built-in field stands in the layout."""
    return any(field["key"] == key for field in _built_in(access, module, layout))


def is_read(access: Access, module: str, key: str, *, layout: str = STANDARD) -> bool:
    """Return whether people are shown a built-in field: it stands in the layout, and is not hidden from the reader."""
    return access.may_read_field(module, key) and stands(access, module, key, layout=layout)


def words_on_page(access: Access, module: str, *, layout: str = STANDARD) -> dict[str, str]:
    """Return what the built-in fields are called that show on the page of a record, by key."""
    language = get_language() or ""
    return {
        field["key"]: label_in(field["label"], language)
        for field in _built_in(access, module, layout)
        if "page" in field.get("shows", SHOWN)
    }


def is_demanded(access: Access, module: str, key: str, *, layout: str = STANDARD) -> bool:
    """Return whether the layout made a built-in field required that the product does without."""
    return any(field["key"] == key for field in _demanded(access, module, layout))


def require_filled(
    access: Access,
    module: str,
    filled: Mapping[str, bool],
    before: Mapping[str, bool] | None = None,
    *,
    layout: str = STANDARD,
    called: Mapping[str, str] | None = None,
) -> None:
    """Raise Invalid beside each built-in field that the layout made required and `filled` says is empty.

    `before` says the same of a record that is there already: what was empty then may stay so, whoever changes something
    else; only its form demands it. What somebody may not fill in is not demanded of them. `called` says by which name
    an action knows a field, where that is another one.
    """
    missing = [
        field["key"]
        for field in _demanded(access, module, layout)
        if not filled.get(field["key"], True)
        and (before is None or before.get(field["key"], True))
        and _may_fill(access, module, field["key"])
    ]
    if missing:
        raise Invalid(**{(called or {}).get(key, key): _("Fill this in.") for key in missing})


def _built_in(access: Access, module: str, layout: str) -> Iterator[FieldEntry]:
    return (field for field in fields_of(current_layout(access, module, layout).document) if "id" not in field)


def _demanded(access: Access, module: str, layout: str) -> Iterator[FieldEntry]:
    return (field for field in _built_in(access, module, layout) if field.get("required") and not field.get("locked"))


def _may_fill(access: Access, module: str, key: str) -> bool:
    try:
        return access.may_edit_field(module, key)
    except LookupError:
        # What no profile can take away, such as who is served.
        return True
