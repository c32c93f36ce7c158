"""The clock is read in one place, so that every action can be told its time."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from carnet.base import clock

CARNET = Path(clock.__file__).parents[1]
#: Who else may ask, and why.
ALLOWED = {"base/clock.py": "it is the clock"}
#: Whatever answers with the time of day; `time.monotonic` measures stretches and is no clock.
READERS = {
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
    "django.utils.timezone.now",
    "django.utils.timezone.localdate",
    "django.db.models.functions.Now",
}
SELF_FILLING = {"auto_now", "auto_now_add"}


def readings(source: str) -> Iterator[str]:
    """Yield every reading of the clock in `source`, under whatever name it was imported."""
    tree = ast.parse(source)
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            path = dotted(node)
            first, _, rest = path.partition(".")
            full = names.get(first, first) + (f".{rest}" if rest else "")
            if full in READERS:
                yield f"{node.lineno}: {full}"
        elif isinstance(node, ast.keyword) and node.arg in SELF_FILLING:
            yield f"{node.lineno}: {node.arg}"


def dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


def test_only_the_clock_reads_the_clock() -> None:
    """E8: what depends on the time is told it, and a jump of the clock meets one place."""
    found = [
        f"carnet/{path.relative_to(CARNET)}:{reading}"
        for path in sorted(CARNET.rglob("*.py"))
        if str(path.relative_to(CARNET)) not in ALLOWED and "migrations" not in path.parts
        for reading in readings(path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "from django.utils import timezone\nx = timezone.now()",
        "from django.utils.timezone import now as jetzt\nx = jetzt()",
        "import datetime\nx = datetime.datetime.now()",
        "import datetime as dt\nx = dt.date.today()",
        "from datetime import datetime\nfield(default=datetime.utcnow)",
        "import time\ntime.time()",
        "from time import time\ntime()",
        "from django.db.models.functions import Now\nNow()",
        "at = models.DateTimeField(auto_now_add=True)",
        "import django.utils.timezone\nx = django.utils.timezone.now()",
    ],
)
def test_no_way_of_reading_the_clock_escapes(source: str) -> None:
    assert len(list(readings(source))) == 1


@pytest.mark.parametrize(
    "source",
    ["from carnet.base import clock\nclock.now()", "import time\ntime.monotonic()", "access.now", "now = 1\nnow"],
)
def test_what_reads_no_clock_is_left_alone(source: str) -> None:
    assert list(readings(source)) == []


def test_the_clock_answers_in_utc_and_goes_on() -> None:
    first, second = clock.now(), clock.now()
    assert first.tzinfo is UTC
    assert timedelta(0) <= second - first
