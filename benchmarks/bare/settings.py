"""A Django with nothing in it: no middleware, no apps; for what the server and the database cost by themselves."""

from __future__ import annotations

import os
from urllib.parse import parse_qs, urlsplit

SECRET_KEY = "nothing is signed here"
ALLOWED_HOSTS = ["localhost"]
ROOT_URLCONF = "benchmarks.bare.views"
USE_TZ = True

_address = urlsplit(os.environ["BENCH_BARE_DATABASE"])
if _address.scheme == "postgresql":
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": _address.path.lstrip("/"),
            "USER": _address.username,
            "HOST": parse_qs(_address.query)["host"][0],
            "CONN_MAX_AGE": None,
        }
    }
else:
    from carnet.settings import DATABASES as _OURS

    # The very same file settings as the product's.
    DATABASES = {"default": {**_OURS["default"], "NAME": _address.path}}
