"""What services are filed under and taxed with, over HTTP: ids for use in other requests."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Path, Router

from carnet.base.api import answer
from carnet.catalogue.api.shapes import CategoriesOut, TagsOut, TaxesOut
from carnet.catalogue.fields import may_read_prices
from carnet.catalogue.models import Tax
from carnet.catalogue.queries import categories_seen, tags_seen
from carnet.organisations.tokens import ApiRequest, TokenAuth

router = Router(tags=["Catalogue"], auth=TokenAuth(seeing="catalogue.see"))


@router.get("/categories", response=CategoriesOut, operation_id="categories_list", summary="List categories")
def categories(request: ApiRequest, organisation: Path[str]) -> HttpResponse:
    access = request.access
    access.require("catalogue.see")
    found = categories_seen(access)
    return answer({"categories": [{"id": one.public_id, "name": one.name} for one in found]})


@router.get("/tags", response=TagsOut, operation_id="tags_list", summary="List tags")
def tags(request: ApiRequest, organisation: Path[str]) -> HttpResponse:
    access = request.access
    access.require("catalogue.see")
    return answer({"tags": [{"id": one.public_id, "name": one.name} for one in tags_seen(access)]})


@router.get("/taxes", response=TaxesOut, operation_id="taxes_list", summary="List taxes")
def taxes(request: ApiRequest, organisation: Path[str]) -> HttpResponse:
    access = request.access
    access.require("catalogue.see")
    found = access.visible(Tax.objects.all()) if may_read_prices(access) else ()
    return answer({"taxes": [{"id": one.public_id, "name": one.name, "rate": one.rate} for one in found]})
