"""What holds on every page of an organisation, whoever designed it: strict headers, nothing inline, nothing foreign."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.test import override_settings

from tests.doors.crawl import Page, crawl, page_of, shape_of
from tests.doors.matrix import BEFORE, PAGES
from tests.doors.routes import SAFE
from tests.doors.world import World, tried

#: Schemes that an address on a page may have; "" is one of ours.
SCHEMES = {"", "http", "https", "tel", "mailto", "geo"}
#: Elements whose address the browser fetches or runs by itself: only from here.
FETCHED = {
    "script": "src",
    "link": "href",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "use": "href",
    "form": "action",
}


def pages_of(world: World) -> list[tuple[Page, HttpResponse]]:
    """Return every page of the salon as its administrator meets it, refusals and forms with faults included."""
    found = list(crawl(world.clients["alice"], "/o/salon/", *starts(world), htmx=True))
    for row in PAGES:
        if row.route.verb in SAFE:
            continue
        for body in (row.body, {}):
            with tried():
                answer = world.send(type(row)(row.route, at=row.at, body=body), "alice", headers={"HX-Request": "true"})
                if "html" in answer.headers["Content-Type"] and answer.content:
                    found.append((page_of(f"{row.route}", answer), answer))
    found += [
        (page_of(path, answer), answer)
        for path in ("/o/salon/nothing/", "/o/nowhere/", "/accounts/password/")
        for answer in [world.clients["alice"].get(path)]
    ]
    return found


def starts(world: World) -> list[str]:
    """Return every page that a row knows, for those that no link leads to."""
    return [world.request(row, "salon", world.names)[0] for row in PAGES if row.route.verb in SAFE]


def test_links_lead_to_every_page_there_is(world: World) -> None:
    """Else a page would be crawled by nobody, and found by nobody."""
    # What has been cancelled is found by its customer, of whom there are more here than are looked at.
    begin = "/o/salon/", f"/o/salon/appointments/{world.names['ended']}/"
    met = {shape_of(page.address).partition("?")[0] for page, _answer in crawl(world.clients["alice"], *begin)}
    unmet = {shape_of(address).partition("?")[0] for address in starts(world)} - met
    # A telephone exchange calls; a form asks; who has visits of one's own is led to them.
    # An image and a file are met, but are no pages.
    unmet -= {"/o/salon/services/ID/pictures/ID/large", "/o/salon/set-up/organisation/exports/ID"}
    unmet -= {"/o/salon/files/ID", "/o/salon/files/ID/small"}
    # The way out begins at the list of one's organisations, which lies in none of them.
    unmet.discard("/o/salon/departure")
    # A look-up asks for what fits as it is typed.
    unmet.discard("/o/salon/layouts/appointments/cancel/suggestions")
    # The layout editor, which a script draws, leads to the conversion of a field.
    unmet = {one for one in unmet if not re.search(r"/fields/f\d+/conversion(/left)?$", one)}
    assert unmet <= {"/o/salon/call", "/o/salon/customers/lookup", "/o/salon/customers/new", "/o/salon/my-day/"}


def test_each_page_has_strict_headers_and_keeps_to_them(world: World) -> None:
    """(I4, J7)"""
    pages = pages_of(world)
    assert len(pages) > 60
    for page, answer in pages:
        policy = answer.headers["Content-Security-Policy"]
        directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
        assert directives["default-src"] == "'self'", page.address
        assert directives["object-src"] == directives["base-uri"] == directives["frame-ancestors"] == "'none'"
        assert directives["form-action"] == "'self'"
        assert not re.search(r"unsafe|\*|https?:", policy), page.address
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        control = answer.headers["Cache-Control"]
        assert "private" in control, page.address
        assert "no-store" in control, page.address
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8", page.address
        nothing_inline_or_from_elsewhere(page)


def nothing_inline_or_from_elsewhere(page: Page) -> None:
    """Refuse a page of which the policy would break a part, or which would break the policy."""
    for element in page.elements:
        where = f"{page.address}: <{element.tag} {element.attributes}>"
        assert element.tag not in ("style", "base", "object", "embed", "iframe"), where
        if element.tag == "script":
            assert element.attributes.get("src") or element.attributes.get("type") == "application/json", where
        for name, value in element.attributes.items():
            assert not name.startswith(("on", "hx-on")), where
            assert name not in ("style", "srcdoc"), where
            if name in ("href", "src", "action", "formaction", "hx-get", "hx-post"):
                assert urlsplit(value.strip()).scheme in SCHEMES, where
            if name == FETCHED.get(element.tag):
                parts = urlsplit(value)
                assert not parts.netloc, where
                assert parts.scheme == "" or value.startswith("data:image/"), where
            assert not value.lstrip().lower().startswith(("js:", "javascript:")), where


@override_settings(ROOT_URLCONF="tests.doors.urls", DEMO=True)
def test_the_pages_before_any_organisation_are_as_strict(world: World) -> None:
    world.names |= {"secret": "guessed", "token": "guessed", "uidb64": "MQ"}
    for row in BEFORE:
        for who in ("", "tess"):
            with tried():
                answer = world.send(row, who)
                if answer.content and answer.headers["Content-Type"].startswith("text/html"):
                    assert "'unsafe" not in answer.headers["Content-Security-Policy"], row
                    assert answer.headers["X-Frame-Options"] == "DENY", row
                    nothing_inline_or_from_elsewhere(page_of(str(row), answer))
