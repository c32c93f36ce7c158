"""`bin/carnet screenshots`: the pictures of the documentation, taken anew.

Usage: bin/carnet screenshots [--out DIR] [--only NAME …]

The demo is founded in a folder that vanishes, on a morning that never passes (tests/screenshot_stage.py), so that the
pictures change only when the product does. Needs Chromium.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
# Started as a file, Python would look for modules among the tests.
sys.path[0] = str(ROOT)

from tests.browser import ARGUMENTS, DESK, PHONE, chromium_path  # noqa: E402
from tests.screenshot_stage import MOMENT  # noqa: E402
from tests.small_png import smaller  # noqa: E402

#: Of one picture, in bytes: somebody reads the README on a train.
LARGEST = 100_000
TALL = {"width": 1280, "height": 1180}

HELENE = "helene.fontaine@salon-lumiere.example"
CAMILLE = "camille.aubry@salon-lumiere.example"
BRUNO = "bruno.chazal@maison-nette.example"
MARTIN = "martin.sinclair@jardins-boreal.example"


@dataclass(frozen=True)
class Picture:
    """What to show: who looks (None: nobody is signed in), how large the window is, and the way there."""

    name: str
    go: Callable[[Page], None]
    who: str | None
    window: dict[str, int] = field(default_factory=lambda: dict(DESK))
    dark: bool = False
    #: On an empty installation, instead of the demo.
    empty: bool = False


@dataclass(frozen=True)
class Stage:
    """A running product: its address, and its links by what they are for."""

    address: str
    links: dict[str, str]


def day(page: Page) -> None:
    expect(page.locator("#day-grid")).to_be_visible()


def customer(page: Page) -> None:
    day(page)
    page.get_by_role("searchbox").fill("hautefeuille")
    page.locator("#lookup-answers a").first.click()
    expect(page.locator("#sheet #customer")).to_be_visible()


def booking(page: Page) -> None:
    customer(page)
    page.locator("#customer-book").click()
    service = page.locator("#booking-service-0")
    wanted = service.locator("option", has_text="Coupe femme").first.get_attribute("value")
    service.select_option(wanted)
    expect(page.locator("#booking-when .starts").first).to_be_visible()


def my_day(page: Page) -> None:
    expect(page.locator("[data-next]").first).to_be_visible()


def job_sheet(page: Page) -> None:
    page.get_by_role("link", name="Feuille de travail").first.click()
    page.get_by_label("Numéro de modèle").fill("LV 640 B")
    page.get_by_label("Numéro de série").fill("31-70446")
    work = page.get_by_label("Travail effectué")
    work.fill("Joint de porte remplacé, filtre nettoyé.")
    work.blur()
    expect(page.get_by_text("Enregistré à")).to_be_visible()


def catalogue(page: Page) -> None:
    page.get_by_role("link", name="Services", exact=True).first.click()
    expect(page.locator("#services .price-line").first).to_be_visible()


def first_run(page: Page) -> None:
    page.get_by_label("Nom de l’entreprise").fill("Atelier Vélo")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_label("Pays")).to_have_value("FR")


PICTURES = (
    Picture("day", day, CAMILLE),
    Picture("day-dark", day, CAMILLE, dark=True),
    Picture("customer", customer, CAMILLE),
    Picture("booking", booking, CAMILLE),
    Picture("catalogue", catalogue, HELENE),
    Picture("english", day, MARTIN),
    Picture("my-day", my_day, BRUNO, PHONE),
    Picture("job-sheet", job_sheet, BRUNO, PHONE),
    Picture("first-run", first_run, None, TALL, empty=True),
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/carnet screenshots", description="Take the pictures of the docs anew.")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures", metavar="DIR", help="where to put them")
    parser.add_argument("--only", nargs="+", choices=[picture.name for picture in PICTURES], metavar="NAME")
    asked = parser.parse_args()
    path = chromium_path()
    if path is None:
        print("Pictures need Chromium (apt install chromium, or set CARNET_CHROMIUM).", file=sys.stderr)
        return 2
    wanted = [picture for picture in PICTURES if not asked.only or picture.name in asked.only]
    asked.out.mkdir(parents=True, exist_ok=True)
    large = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        for empty in (False, True):
            shown = [picture for picture in wanted if picture.empty is empty]
            if not shown:
                continue
            with running(empty=empty) as stage:
                for picture in shown:
                    size = take(browser, stage, picture, asked.out / f"{picture.name}.png")
                    large += size > LARGEST
                    print(f"{picture.name}: {size // 1000} kB{' – too large' if size > LARGEST else ''}", flush=True)
        browser.close()
    return int(large > 0)


@contextmanager
def running(*, empty: bool) -> Iterator[Stage]:
    """Start the product in a folder that vanishes."""
    folder = tempfile.mkdtemp(prefix="carnet-pictures-")
    print("Setting the stage…", flush=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.screenshot_stage", folder, *([] if empty else ["--demo"])],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        line = process.stdout.readline()
        if not line:
            raise SystemExit("The stage could not be set; why is said above.")
        yield Stage(**json.loads(line))
    finally:
        process.stdin.close()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def take(browser: Browser, stage: Stage, picture: Picture, file: Path) -> int:
    """Take one picture in a session of its own, and return its size in bytes."""
    options: dict[str, Any] = {
        "base_url": stage.address,
        "locale": "fr-FR",
        "timezone_id": "Europe/Paris",
        "viewport": picture.window,
        "color_scheme": "dark" if picture.dark else "light",
        "reduced_motion": "reduce",
        "device_scale_factor": 1,
    }
    context = browser.new_context(**options)
    context.set_default_timeout(15_000)
    try:
        page = context.new_page()
        page.clock.set_system_time(MOMENT)
        page.goto(stage.links["first-run" if picture.who is None else picture.who])
        if picture.who is not None:
            page.locator("form button[type=submit]").last.click()
        picture.go(page)
        # Chosen things are drawn, the pointer is out of the way, no caret blinks.
        page.mouse.move(0, 0)
        page.wait_for_load_state("networkidle")
        page.evaluate("document.fonts.ready")
        return file.write_bytes(smaller(page.screenshot(animations="disabled", caret="hide")))
    finally:
        context.close()


if __name__ == "__main__":
    sys.exit(main())
