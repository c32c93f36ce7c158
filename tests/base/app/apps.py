from django.apps import AppConfig


class SmallHouseConfig(AppConfig):
    """The smallest house with a tenant: what the constraints are tried on, apart from the product's own tables."""

    name = "tests.base.app"
    label = "small_house"
    default_auto_field = "django.db.models.BigAutoField"
