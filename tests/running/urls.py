from __future__ import annotations

import os

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from carnet.base.health import healthz, readyz


def pid(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"pid": os.getpid(), "connection": id(connection.connection)})


def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError("as asked")


urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("pid", pid),
    path("broken", broken),
]
