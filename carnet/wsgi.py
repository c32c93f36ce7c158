"""The WSGI application; any server may serve `carnet.wsgi:application`, `carnet serve` uses granian."""

from __future__ import annotations

import os
from importlib import import_module

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carnet.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
# Loaded now, so that no visitor waits for it and a broken page module stops the start, not the tenth request.
import_module(settings.ROOT_URLCONF)
