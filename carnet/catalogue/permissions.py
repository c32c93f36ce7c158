"""Who may see the catalogue: everyone in the organisation whose profile has the module."""

from __future__ import annotations

from django.db.models import Q

from carnet.catalogue.models import Category, Outage, Service, Tag, Tax
from carnet.customisation.holders import holds_values
from carnet.customisation.lookups import looked_up
from carnet.customisation.records import kept_in
from carnet.organisations.access import everyone, sees

for _model in (Category, Outage, Service, Tag, Tax):
    sees(_model)(everyone)

looked_up("service", Service, "catalogue.see", Q(deleted_at__isnull=True))
holds_values("services", Service, seen_by=("catalogue.see",), filled_by=("catalogue.edit", "catalogue.create"))
kept_in("services", Service)
