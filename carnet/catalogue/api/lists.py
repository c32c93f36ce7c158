"""What services are filed under and taxed with, over HTTP: ids for use in other requests."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Path, Router

from carnet.base.api import answer
from carnet.catalogue.api.shapes import CategoriesOut, TagsOut, TaxesOut
from carnet.catalogue.models import Category, Tag, Tax
from carnet.organisations.tokens import ApiRequest, TokenAuth

router = Router(tags=["Catalogue"], auth=TokenAuth(seeing="catalogue.see"))


@router.get("/categories", response=CategoriesOut, operation_id="categories_list", summary="List categories")
def categories(request: ApiRequest, organisation: Path[str]) -> HttpResponse:
    access = request.access
    access.require("catalogue.see")
    found = access.visible(Category.objects.all())
    return answer({"categories": [{"id": one.public_id, "name": one.name} for one in found]})


@router.get("/tags", response=TagsOut, operation_id="tags_list", summary="List tags")
def tags(request: ApiRequest, organisation: Path[str]) -> HttpResponse:
    access = request.access
    access.require("catalogue.see")
    return answer({"tags": [{"id": one.public_id, "name": one.name} for one in access.visible(Tag.objects.all())]})


@router.get("/taxes", response=TaxesOut, operation_id="taxes_list", summary="List taxes")
def taxes(request: ApiRequest, organisation: Path[str]) -> HttpResponse:
    access = request.access
    access.require("catalogue.see")
    found = access.visible(Tax.objects.all())
    return answer({"taxes": [{"id": one.public_id, "name": one.name, "rate": one.rate} for one in found]})
