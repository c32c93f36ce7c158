"""`python -m carnet.api --write` puts the OpenAPI document into carnet/openapi.json, `--check` compares it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

SNAPSHOT = Path(__file__).parent.with_name("openapi.json")


def main(arguments: list[str]) -> int:
    """Write or check the snapshot; returns the exit code."""
    if arguments not in (["--write"], ["--check"]):
        print("usage: python -m carnet.api --write | --check", file=sys.stderr)
        return 2
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carnet.settings")
    django.setup()
    from carnet.api.doors import document_text

    if arguments == ["--write"]:
        SNAPSHOT.write_bytes(document_text())
    elif not SNAPSHOT.is_file() or SNAPSHOT.read_bytes() != document_text():
        print("carnet/openapi.json is not what the API promises now: python -m carnet.api --write", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
