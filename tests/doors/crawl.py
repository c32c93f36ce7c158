"""Walking through every page that links lead to, and reading what stands on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from django.http import HttpResponse
from django.test import Client

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
#: Attributes that people read or hear.
READ = ("title", "aria-label", "aria-description", "aria-roledescription", "aria-valuetext", "placeholder", "alt")
#: Attributes of a link or of htmx that lead on by GET.
LEADS_ON = ("href", "hx-get")
#: Pages of one shape (the same view, the same names in the query) that are looked at.
OF_A_SHAPE = 2


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]


@dataclass
class Page(HTMLParser):
    """One answer: its elements, and its words with where they stand."""

    address: str
    status: int = 200
    elements: list[Element] = field(default_factory=list)
    words: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[Element] = []
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        for name in READ:
            if element.attributes.get(name):
                self.words.append((f"{tag} {name}", element.attributes[name]))
        if tag == "input" and element.attributes.get("type") in ("submit", "button"):
            self.words.append(("button", element.attributes.get("value", "")))
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(one.tag in ("script", "style") for one in self._open):
            place = " > ".join(_told(one) for one in self._open[-3:])
            self.words.append((place, " ".join(data.split())))

    @property
    def leads_to(self) -> Iterator[str]:
        """The addresses that this page leads on to, within the site."""
        for element in self.elements:
            for name in LEADS_ON:
                found = element.attributes.get(name, "")
                if element.tag != "link" and found and urlsplit(found).scheme in ("", "http"):
                    yield urldefrag(urljoin(self.address, found)).url


def _told(element: Element) -> str:
    kind = element.attributes.get("class", "").split(" ")[0]
    return f"{element.tag}.{kind}" if kind else element.tag


def page_of(address: str, response: HttpResponse) -> Page:
    page = Page(address, response.status_code)
    page.feed(response.content.decode())
    page.close()
    return page


def shape_of(address: str) -> str:
    """Return what addresses of one kind have in common: ids and dates taken out, and the values of the query."""
    parts = urlsplit(address)
    path = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", re.sub(r"\d{4}-\d\d-\d\d", "DAY", parts.path))
    return f"{path}?{','.join(sorted({name for name, _value in parse_qsl(parts.query)}))}"


def crawl(client: Client, *starts: str, htmx: bool = False) -> Iterator[tuple[Page, HttpResponse]]:
    """Yield every page that can be reached by links from `starts`, a few of each shape; only GET is sent.

    With `htmx`, the first page of each shape is asked for as a fragment too.
    """
    waiting, known, seen = list(starts), set(starts), dict[str, int]()
    within = urlsplit(starts[0]).path
    while waiting:
        address = waiting.pop(0)
        shape = shape_of(address)
        seen[shape] = seen.get(shape, 0) + 1
        if seen[shape] > OF_A_SHAPE:
            continue
        headers = [{}, {"HX-Request": "true", "HX-Request-Type": "partial"}] if htmx and seen[shape] == 1 else [{}]
        for more in headers:
            response = client.get(address, headers=more)
            if response.status_code in (301, 302, 303):
                break
            if not response.headers["Content-Type"].startswith("text/html"):
                # An image leads nowhere.
                continue
            page = page_of(address, response)
            yield page, response
            for found in page.leads_to:
                if found not in known and urlsplit(found).path.startswith(within) and not urlsplit(found).netloc:
                    known.add(found)
                    waiting.append(found)
