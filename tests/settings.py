"""The product's settings, with a data folder that vanishes and what makes tests quick."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

# Before the product's settings are read. Workers and servers that tests start inherit all of it.
if "CARNET_DATA" not in os.environ:
    os.environ["CARNET_DATA"] = tempfile.mkdtemp(prefix="carnet-tests-")
    atexit.register(shutil.rmtree, os.environ["CARNET_DATA"], ignore_errors=True)
os.environ.setdefault("CARNET_SECRET_KEY", "a key for tests only, no secret at all")
# The browser's driver keeps an event loop in the thread that also asks the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

from carnet.settings import *  # noqa: F403
from carnet.settings import DATABASES, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.base.app"]

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

# A test's database need not survive a power cut.
options = DATABASES["default"].get("OPTIONS", {})
if "init_command" in options:
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
