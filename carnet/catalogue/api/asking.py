"""Which service, add-on, category or tag is meant by an id; what is foreign is refused as if it did not exist."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from carnet.base.errors import Invalid
from carnet.base.prepared import Prepared
from carnet.catalogue.models import AddOn, Service
from carnet.catalogue.output import with_output
from carnet.catalogue.prices import Extra, extra_of
from carnet.catalogue.queries import visible_services
from carnet.organisations.access import Access

ModelT = TypeVar("ModelT", bound=Model)


def service_at(access: Access, public_id: UUID) -> Service:
    """Return the service of an address, with all that is told of it; raises Http404 for one that cannot be seen."""
    found = with_output(access, visible_services(access)).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def service_asked(access: Access, public_id: UUID, field: str = "service") -> Service:
    """Return the service of that id; raises Invalid beside `field` if there is none to be seen."""
    access.require("catalogue.see")
    # Asked with every search: where all services are seen, by a statement that is written already.
    prepared = access.sees_every(Service)
    found = _by_id.one(public_id) if prepared else access.visible(_not_deleted(public_id)).first()
    if found is None:
        raise Invalid(**{field: _("There is no such service.")})
    return found


def add_ons_asked(service: Service, ids: Sequence[UUID], field: str = "add_ons") -> tuple[Extra, ...]:
    """Return the service's add-ons of these ids, in its own order; raises Invalid beside `field` for any other."""
    if not ids:
        return ()
    known = {add_on.public_id: extra_of(add_on) for add_on in AddOn.objects.filter(service=service)}
    if any(public_id not in known for public_id in ids):
        raise Invalid(**{field: _("There is no such add-on.")})
    if len(set(ids)) < len(ids):
        raise Invalid(**{field: _("This was sent twice.")})
    return tuple(extra for public_id, extra in known.items() if public_id in ids)


def record_asked(queryset: QuerySet[ModelT], public_id: UUID, field: str, sentence: str) -> ModelT:
    """Return the one of `queryset` with that id; raises Invalid with `sentence` beside `field`."""
    found = queryset.filter(public_id=public_id).first()
    if found is None:
        raise Invalid(**{field: sentence})
    return found


def _not_deleted(public_id: UUID) -> QuerySet[Service]:
    return Service.objects.filter(deleted_at__isnull=True, public_id=public_id)


_by_id = Prepared(_not_deleted, mark=UUID(int=1))
