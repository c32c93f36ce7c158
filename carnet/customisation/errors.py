"""Why a layout or a switch cannot be changed."""

from __future__ import annotations

from django.utils.translation import gettext as _

from carnet.base.errors import TradeError


class UnknownModule(TradeError):
    """There is no module of this name to switch."""

    code = "unknown_module"
    status = 404

    def sentence(self) -> str:
        return _("There is no such module.")


class LayoutRefused(TradeError):
    """A layout that could not be filled in: an unknown type, a label missing, a field that changes its type."""

    code = "layout_refused"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self._sentence = sentence

    def sentence(self) -> str:
        return self._sentence
