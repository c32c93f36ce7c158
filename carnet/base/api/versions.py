"""If-Match: a change says which version it was made on, so that nobody overwrites what they have not seen."""

from __future__ import annotations

import re

from django.http import HttpRequest

from carnet.base.api.errors import VersionMissing
from carnet.base.errors import StaleVersion

_TAG = re.compile(r'(?:W/)?"(\d{1,9})"', re.ASCII)


def expected_version(request: HttpRequest, *, required: bool = False) -> int | None:
    """Return the version in If-Match; None without the header or for "*", which any version satisfies.

    Raises VersionMissing where it is `required`, StaleVersion for a tag that no record can have.
    """
    header = request.headers.get("If-Match", "").strip()
    if not header:
        if required:
            raise VersionMissing
        return None
    if header == "*":
        return None
    tag = _TAG.fullmatch(header)
    if tag is None:
        raise StaleVersion
    return int(tag[1])
