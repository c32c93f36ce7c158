"""Layouts for tests: fields put into them by the product's own action."""

from __future__ import annotations

import copy
from typing import Any

from carnet.customisation.actions import save_layout
from carnet.customisation.models import FieldValue
from carnet.customisation.predefined import PLACES
from carnet.customisation.queries import current_layout, draft_of, fields_of, key_of
from tests.cast import Business


def add_fields(
    business: Business, *fields: dict[str, Any], module: str = "customers", name: str = "standard"
) -> list[str]:
    """Put fields into a layout; return the keys of the fields that it has then, of the organisation’s own."""
    access = business.access("alice")
    current = current_layout(access, module, name)
    draft = copy.deepcopy(draft_of(access, current.document))
    draft["sections"][0]["fields"] += copy.deepcopy(list(fields))
    saved = save_layout(access, module, name, draft, version=current.number)
    return [key_of(field) for field in fields_of(saved.document) if "id" in field]


def hold(business: Business, model: type[Any], words: str, *, module: str, name: str = "standard", **more: Any) -> str:
    """Lay out one more line of text that shows everywhere, and let every record of `model` hold `words` in it."""
    key = add_fields(business, text("Own", shows=list(PLACES), **more), module=module, name=name)[-1]
    let_hold(business, model, key, words)
    return key


def let_hold(business: Business, model: type[Any], key: str, words: str) -> None:
    """Let every record of `model` hold `words` in a field of one’s own, whatever it held."""
    own = {"organisation": business.organisation, "field_id": int(key[1:])}
    FieldValue.objects.filter(**own).delete()
    for record in model.objects.all():
        model.objects.filter(pk=record.pk).update(custom={**record.custom, key: words})
        FieldValue.objects.create(**own, record=record.pk, text=words)


def text(label: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "label": {"en": label, "fr": label}, **more}


def choice(label: str, *values: str, **more: Any) -> dict[str, Any]:
    choices = [{"label": {"en": value, "fr": value}} for value in values]
    return {"type": "choice", "label": {"en": label, "fr": label}, "choices": choices, **more}
