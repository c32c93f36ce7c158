"""Every address there can be outside an organisation: those of a demo and of DEBUG too."""

from django.urls import include, path

from carnet.urls import handler400, handler403, handler404, handler500
from carnet.urls import urlpatterns as always

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    *always,
    path("demo/", include("carnet.demo.urls")),
    path("dev/", include("carnet.base.urls_dev")),
]
