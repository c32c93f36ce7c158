from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "carnet.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from carnet.base.context import stands_above_pages
        from carnet.desk.views.end_in_sight import end_in_sight

        stands_above_pages(end_in_sight)
