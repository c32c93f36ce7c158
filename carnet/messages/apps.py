from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "carnet.messages"
    label = "carnet_messages"
    default_auto_field = "django.db.models.BigAutoField"
