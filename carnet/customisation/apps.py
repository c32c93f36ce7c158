from django.apps import AppConfig


class CustomisationConfig(AppConfig):
    name = "carnet.customisation"
    label = "customisation"
    default_auto_field = "django.db.models.BigAutoField"
