"""Addresses that are secrets themselves, kept out of the logs: whoever reads these must not get in by them."""

from __future__ import annotations

import logging
import re

_SECRET = re.compile(r"(/(?:accounts/invitations|accounts/email|accounts/password/new|first-run|demo/sign-in)/)[^\s?]+")


class WithoutSecrets(logging.Filter):
    """Lets every record pass, with the secret part of an address left out."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_SECRET.sub(r"\1…", one) if isinstance(one, str) else one for one in record.args)
        return True
