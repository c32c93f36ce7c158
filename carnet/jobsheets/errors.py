"""Why a visit cannot be completed yet, and why a layout stays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from carnet.base.errors import TradeError
from carnet.customisation.queries import FieldEntry, key_of, label_in


class SheetIncomplete(TradeError):
    """The service asks for a job sheet, and these required fields of it are empty; nothing has changed."""

    code = "job_sheet_incomplete"

    def __init__(self, fields: Sequence[FieldEntry]) -> None:
        super().__init__([key_of(field) for field in fields])
        self.fields = tuple(fields)

    def labels(self) -> list[str]:
        return [label_in(field["label"], get_language() or "") for field in self.fields]

    def sentence(self) -> str:
        named = [_("“%(name)s”") % {"name": label} for label in self.labels()]
        listed = named[0]
        if len(named) > 1:
            listed = _("%(names)s and %(last)s") % {"names": ", ".join(named[:-1]), "last": named[-1]}
        return _("Fill in %(fields)s to mark this appointment as complete.") % {"fields": listed}

    def detail(self) -> dict[str, Any]:
        labels = self.labels()
        return {
            "fields": [
                {"field": key_of(field), "label": label} for field, label in zip(self.fields, labels, strict=True)
            ]
        }


class SheetLayoutInUse(TradeError):
    """Services use this layout for their sheets; nothing has changed."""

    code = "layout_in_use"
    status = 409

    def __init__(self, services: Sequence[str]) -> None:
        super().__init__(list(services))
        self.services = tuple(services)

    def sentence(self) -> str:
        return ngettext(
            "%(services)s uses this layout. Choose another there first.",
            "%(services)s use this layout. Choose another there first.",
            len(self.services),
        ) % {"services": ", ".join(_("“%(name)s”") % {"name": name} for name in self.services)}
