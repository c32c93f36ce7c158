"""The product's addresses, and one that breaks."""

from __future__ import annotations

from typing import NoReturn

from django.http import HttpRequest
from django.urls import path

from carnet.urls import handler400, handler403, handler404, handler500
from carnet.urls import urlpatterns as always

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def broken(request: HttpRequest) -> NoReturn:
    raise RuntimeError("broken on purpose")


urlpatterns = [*always, path("broken/", broken)]
