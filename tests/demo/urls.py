"""The addresses of a demo, whatever the settings of the tests say."""

from django.urls import include, path

from carnet.urls import handler400, handler403, handler404, handler500
from carnet.urls import urlpatterns as usual

urlpatterns = [*usual, path("demo/", include("carnet.demo.urls"))]

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
