"""The one error of the language."""

from __future__ import annotations


class RuleError(ValueError):
    """A text that is no rule, or a rule that cannot be worked out.

    `code` names what is wrong, `at` is where (the index of a character), `about` the word or field concerned.
    """

    def __init__(self, code: str, at: int = 0, about: str = "") -> None:
        super().__init__(f"{code} at {at}: {about[:60]!r}")
        self.code = code
        self.at = at
        self.about = about[:60]
