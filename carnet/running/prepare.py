"""The step before serving: migrate, then each room's start. A process of its own, so that its memory is given back."""

from __future__ import annotations

import json
import os
import sys

from carnet.running.lineage import end_with_launcher
from carnet.running.places import Refused

#: Number of the file descriptor on which the lines of the start are handed to the launcher.
LINES = "CARNET_LINES"


def main() -> int:
    """Return 0, or 2 after a line that says why Carnet cannot start."""
    end_with_launcher()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carnet.settings")
    import django

    django.setup()
    from django.db import OperationalError
    from django.utils.module_loading import autodiscover_modules

    from carnet.base.starting import lines_of_start
    from carnet.running.logs import log_to_terminal
    from carnet.running.migrating import migrate

    log_to_terminal()
    try:
        migrate()
        autodiscover_modules("background")
        lines = lines_of_start()
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 2
    except OperationalError as error:
        print(f"The database does not answer: {error}".strip(), file=sys.stderr)
        return 2
    if descriptor := os.environ.get(LINES):
        with os.fdopen(int(descriptor), "w") as pipe:
            json.dump(lines, pipe)
    return 0


if __name__ == "__main__":
    sys.exit(main())
