"""What every record that leaves the house or is edited carries."""

from __future__ import annotations

import uuid

from django.db import models


class Addressable(models.Model):
    """A record with a public id (never its primary key outside) and a version that grows with each edit."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    @property
    def public_id_text(self) -> str:
        """The public id as it stands in an address that a template puts together."""
        return str(self.public_id)

    @property
    def etag(self) -> str:
        return f'"{self.version}"'


class Customisable(models.Model):
    """A record that holds values of fields an organisation added, keyed "f<field id>"."""

    custom = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True
