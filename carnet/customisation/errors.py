"""Why a layout or a switch cannot be changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from carnet.base.errors import StaleVersion, TradeError


class UnknownModule(TradeError):
    """There is no module of this name to switch."""

    code = "unknown_module"
    status = 404

    def sentence(self) -> str:
        return _("There is no such module.")


class LayoutRefused(TradeError):
    """A layout that could not be filled in: an unknown type, a label missing, a field that changes its type."""

    code = "layout_refused"

    def __init__(self, sentence: str, errors: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self._sentence = sentence
        #: Where in the draft ("sections.0.fields.2.label") -> what is wrong there.
        self.errors = dict(errors or {})

    def sentence(self) -> str:
        return self._sentence

    def detail(self) -> dict[str, Any]:
        return {"errors": self.errors} if self.errors else {}


class LayoutChanged(StaleVersion):
    """Somebody has saved the layout since it was read; nothing of the draft was saved, and none of it is lost."""

    code = "layout_changed"

    def __init__(self, who: str, version: int, changes: Sequence[str]) -> None:
        super().__init__(version)
        self.who = who
        self.version = version
        self.changes = tuple(changes)

    def sentence(self) -> str:
        who = self.who or _("Somebody")
        return _("%(name)s has saved this layout in the meantime. Yours is still here, and not saved.") % {"name": who}

    def detail(self) -> dict[str, Any]:
        return {"version": self.version, "changes": list(self.changes)}


class DuplicateValues(TradeError):
    """A field cannot become unique while records hold the same value."""

    code = "duplicate_values"

    def __init__(self, label: str, count: int) -> None:
        super().__init__(label)
        self._label = label
        self._count = count

    def sentence(self) -> str:
        return ngettext(
            "“%(field)s” cannot be made unique: %(count)d value stands in several records.",
            "“%(field)s” cannot be made unique: %(count)d values stand in several records.",
            self._count,
        ) % {"field": self._label, "count": self._count}
