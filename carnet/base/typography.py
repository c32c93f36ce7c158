"""What a French text on the screen must look like: the house's words and the printer's spaces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

#: Words that the trade does not use on the screen, and the ones it uses instead.
FORBIDDEN: Final[dict[str, str]] = {
    r"prestations?": "service",
    r"fiches? d[’']intervention": "feuille de travail",
    r"réglages?": "configuration, préférences",
    r"praticien(?:ne)?s?": "membre",
    r"territoires?": "secteur",
    r"ressources?": "membre, salle, matériel",
    r"segments?": "étape",
}
PLACEHOLDER: Final = re.compile(r"%\(\w+\)[a-z]|%[sd%]|\{\w*\}")
TAG: Final = re.compile(r"<[^<>]+>|&\w+;")
#: Both the no-break space and its narrow sister keep a sign on the line of its word.
SPACES: Final = "\u00a0\u202f"


def placeholders(text: str) -> list[str]:
    """Return the placeholders and HTML tags of `text`, sorted: a translation must carry the same."""
    return sorted(PLACEHOLDER.findall(text)) + sorted(TAG.findall(text))


def faults(text: str) -> Iterator[str]:
    """Say what is wrong with a French text; nothing if it may be printed."""
    bare = TAG.sub("", PLACEHOLDER.sub("x", text))
    if "'" in bare:
        yield "has a straight apostrophe: write ’"
    if '"' in bare or "“" in bare:
        yield "has foreign quotation marks: write « »"
    for match in re.finditer(rf"(?<![{SPACES}?!])[;!?»]|(?<![{SPACES}\d]):(?!//)|(?<=\d):(?!\d)", bare):
        yield f"lacks a no-break space before {match[0]}"
    if re.search(rf"«(?![{SPACES}])", bare):
        yield "lacks a no-break space after «"
    for word, instead in FORBIDDEN.items():
        if found := re.search(rf"(?<!\w){word}(?!\w)", bare, re.IGNORECASE):
            yield f"says “{found[0]}”: the house says {instead}"
