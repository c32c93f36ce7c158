"""Pages for those who build Carnet; included only while DEBUG is on."""

from django.urls import path

from carnet.base.views_components import components, components_shell

urlpatterns = [
    path("components", components, name="dev_components"),
    path("components/day", components_shell, name="dev_components_day"),
]
