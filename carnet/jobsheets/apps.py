from django.apps import AppConfig


class JobsheetsConfig(AppConfig):
    name = "carnet.jobsheets"
    label = "jobsheets"
    default_auto_field = "django.db.models.BigAutoField"
