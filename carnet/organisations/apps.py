from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class OrganisationsConfig(AppConfig):
    name = "carnet.organisations"
    label = "organisations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Rooms say in `permissions` who may see their records; what nobody said is refused.
        autodiscover_modules("permissions")
        # And in `fields` which fields these have.
        autodiscover_modules("fields")
