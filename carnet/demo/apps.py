from django.apps import AppConfig
from django.conf import settings


class DemoConfig(AppConfig):
    name = "carnet.demo"
    label = "demo"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        if settings.DEMO:
            from carnet.base.context import stands_above_pages
            from carnet.demo.views import bar

            stands_above_pages(bar)
