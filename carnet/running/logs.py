"""Logs: everything worth an operator's look goes to the terminal, errors of pages with their traceback."""

from __future__ import annotations

import logging
import sys


def log_to_terminal() -> None:
    """Send warnings of everybody, and Carnet's own information, to standard error. Called after Django's set-up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("carnet").setLevel(logging.INFO)
