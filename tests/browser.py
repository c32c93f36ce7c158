"""A real Chromium for tests marked `browser`: pages that fail on any console error, and axe."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}

#: Chromium reports every refused request on the console; refusals are answers (see the room's errors), 5xx are not.
REFUSAL = re.compile(r"Failed to load resource: the server responded with a status of (403|404|409|412|422|428) ")

NewPage = Callable[..., Page]


def chromium_path() -> str | None:
    """Return the Chromium to drive: $CARNET_CHROMIUM, or the system's; None if there is none."""
    if asked := os.environ.get("CARNET_CHROMIUM"):
        return shutil.which(asked)
    return shutil.which("chromium") or shutil.which("/usr/bin/chromium")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        pytest.fail("Browser tests need Chromium (apt install chromium, or set CARNET_CHROMIUM).", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium: Browser, live_server: Any) -> Iterator[NewPage]:
    """Return a function that opens a page of its own session on the live server, so that paths are enough.

    Takes Playwright's context options: `new_page(viewport=PHONE, color_scheme="dark", java_script_enabled=False)`.
    Whatever any page logs as an error, or throws, fails the test at its end; `expecting=500` says what is no surprise.
    """
    troubles: list[str] = []
    contexts = []

    def listen(message: ConsoleMessage, expecting: int) -> None:
        expected = f" a status of {expecting} " in message.text
        if message.type == "error" and not expected and not REFUSAL.match(message.text):
            troubles.append(f"{message.text} ({message.location.get('url', '')})")

    def open_page(*, expecting: int = 0, **options: Any) -> Page:
        chosen = {"base_url": live_server.url, "locale": "fr-FR", "timezone_id": "Europe/Paris", "viewport": DESK}
        # Colours half-way through a transition are nobody's contrast.
        chosen["reduced_motion"] = "reduce"
        context = chromium.new_context(**{**chosen, **options})
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("console", lambda message: listen(message, expecting))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not troubles, "the browser's console: " + "; ".join(troubles)


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A page at the size of the front desk's screen."""
    return new_page()


def axe(page: Page, context: str | None = None) -> None:
    """Assert that axe finds nothing against WCAG 2.2 A and AA on the page, or in `context` (a selector)."""
    # What waits for an answer is dimmed.
    page.wait_for_function("() => !document.querySelector('[aria-busy=true]')")
    rules = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    results = Axe().run(page, context, {"resultTypes": ["violations"], "runOnly": rules})
    found = [
        f"{violation['id']}: {violation['help']} – " + " | ".join(node["html"][:200] for node in violation["nodes"])
        for violation in results.response["violations"]
    ]
    assert not found, "\n".join(found)
