"""Settings of a small project that is run by Carnet's launcher: its processes are tested apart from its pages."""

from carnet.settings import *  # noqa: F403
from carnet.settings import MIDDLEWARE as _EVERYTHING

INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "django_tasks_db", "tests.running"]
MIDDLEWARE = [name for name in _EVERYTHING if name.startswith("django.middleware.")]
AUTH_USER_MODEL = "auth.User"
ROOT_URLCONF = "tests.running.urls"
