"""The pages of /dev/ as DEBUG shows them."""

from django.urls import include, path

urlpatterns = [path("dev/", include("carnet.base.urls_dev"))]
