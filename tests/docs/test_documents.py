"""What the documents name exists: pages, headings, pictures, commands, options, variables, files of the source."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
DECISIONS = sorted(ROOT.glob("docs/decisions/*.md"))
PICTURES = sorted(ROOT.glob("docs/pictures/*.png"))
NAMES = [str(path.relative_to(ROOT)) for path in DOCUMENTS]

LINK = re.compile(r"(?<!`)\]\(([^)\s]+)\)")
CODE_BLOCK = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
#: A path of the checkout in backquotes; what has an ellipsis or a star stands for several.
SOURCE = re.compile(r"`((?:carnet|tests|docs|frontend|benchmarks|locale|bin)/[\w./-]+|\.(?:ci|importlinter)[\w./]*)`")
COMMAND = re.compile(r"bin/carnet ([a-z]+(?:-[a-z]+)*)((?: +--[a-z]+)*)")
VARIABLE = re.compile(r"\bCARNET_[A-Z_]+\b")


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def anchors(path: Path) -> set[str]:
    """Return the anchors that a forge makes of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", CODE_BLOCK.sub("", text_of(path)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(path: Path) -> Iterator[str]:
    yield from (link for link in LINK.findall(CODE_BLOCK.sub("", text_of(path))) if "://" not in link)


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_every_link_leads_somewhere(path):
    for link in links(path):
        place, _hash, anchor = unquote(link).partition("#")
        target = (path.parent / place).resolve() if place else path
        assert target.exists(), f"{link} leads nowhere"
        assert target.is_relative_to(ROOT), f"{link} leads out of the repository"
        assert not anchor or anchor in anchors(target), f"{link} names no heading"


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_every_source_file_named_exists(path):
    for name in SOURCE.findall(text_of(path)):
        if not name.startswith("docs/pictures/") and "NNNN" not in name:
            assert (ROOT / name).exists(), f"there is no {name}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_every_command_named_exists_with_its_options(path):
    for command, options in COMMAND.findall(text_of(path)):
        known = help_of(command)
        for option in options.split():
            assert option in known, f"bin/carnet {command} knows no {option}"


_help: dict[str, str] = {}
SCRIPTS = {"test": "tests/run.py", "check": "tests/check.py", "bench": "benchmarks/run.py"}
SCRIPTS["screenshots"] = "tests/screenshots.py"


def help_of(command: str) -> str:
    """Return what a command says of itself; fails for one that does not exist."""
    if command not in _help:
        assert command in text_of(ROOT / "carnet" / "cli.py"), f"there is no bin/carnet {command}"
        start = [str(ROOT / SCRIPTS[command])] if command in SCRIPTS else ["-m", "carnet.cli", command]
        asked = subprocess.run([sys.executable, *start, "--help"], cwd=ROOT, capture_output=True, text=True)
        assert asked.returncode == 0, asked.stderr
        _help[command] = asked.stdout
    return _help[command]


def test_every_script_of_a_checkout_is_started_by_bin_carnet():
    launcher = text_of(ROOT / "bin" / "carnet")
    for command, script in SCRIPTS.items():
        assert re.search(rf"^ +{command}\) .*/{script}", launcher, re.MULTILINE), f"bin/carnet does not start {script}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_every_variable_named_is_read_somewhere(path):
    sources = [*ROOT.glob("carnet/**/*.py"), *ROOT.glob("tests/*.py"), ROOT / "hatch_build.py"]
    sources += [*ROOT.glob("tests/scheduling/*.py"), ROOT / "bin" / "carnet"]
    known = {name for source in sources for name in VARIABLE.findall(text_of(source))}
    for name in VARIABLE.findall(text_of(path)):
        assert name in known, f"nothing reads {name}"


@pytest.mark.parametrize("path", DECISIONS, ids=[path.stem for path in DECISIONS])
def test_a_decision_is_short_and_whole(path):
    text = text_of(path)
    assert len(text.splitlines()) <= 40
    for part in ("Context", "Decision", "Consequences", "What would change our mind"):
        assert re.search(rf"^(## |\*\*){part}", text, re.MULTILINE), f"{path.stem} has no “{part}”"


def test_decisions_are_numbered_without_a_hole():
    assert [int(path.stem[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("path", PICTURES, ids=[path.stem for path in PICTURES])
def test_a_picture_is_small_shown_somewhere_and_made_by_the_command(path):
    from tests import screenshots

    assert path.stat().st_size <= screenshots.LARGEST
    assert path.stem in {picture.name for picture in screenshots.PICTURES}
    assert any(f"/{path.name})" in text_of(document) for document in DOCUMENTS), f"{path.name} is shown nowhere"


@pytest.mark.parametrize("mechanism", sorted(ROOT.glob("docs/development/*.md")), ids=lambda path: path.stem)
def test_every_mechanism_is_in_the_index(mechanism):
    index = ROOT / "docs" / "development" / "README.md"
    assert mechanism == index or f"({mechanism.name})" in text_of(index)
