"""Layouts over HTTP: what a client needs to draw a form and to send its values."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import Http404, HttpResponse
from ninja import Path, Query, Router
from pydantic import BaseModel, Field

from carnet.base.api import answer
from carnet.customisation.fields import told_document
from carnet.customisation.output import layout_output
from carnet.customisation.permissions import SEEN_BY
from carnet.customisation.predefined import layout_names
from carnet.customisation.queries import current_layout
from carnet.organisations.tokens import ApiRequest

router = Router(tags=["Layouts"])

ModuleName = Literal["services", "customers", "appointments", "job_sheets"]
Words = dict[str, str]


class LayoutChoiceOut(BaseModel):
    id: int
    label: Words
    colour: str


class LayoutColumnOut(BaseModel):
    """A column of repeating lines."""

    column: str
    type: str
    label: Words
    value: dict[str, Any]


class LayoutFieldOut(BaseModel):
    """A field: its key in `custom` ("f12"), or the name of the record's own member; labels by language.

    `value` is the JSON Schema of what is sent and told; conditions name fields by their keys.
    """

    field: str
    type: str
    label: Words
    help: Words
    placeholder: Words
    required: bool
    shows: list[str]
    shown_if: str
    required_if: str
    rule: str
    choices: list[LayoutChoiceOut]
    columns: list[LayoutColumnOut]
    value: dict[str, Any]


class LayoutSectionOut(BaseModel):
    label: Words
    columns: int
    shown_if: str
    fields: list[LayoutFieldOut]


class LayoutOut(BaseModel):
    """A layout as records are written with it now; version 0 is the one that every organisation begins with."""

    module: str
    name: str
    version: int
    sections: list[LayoutSectionOut]


@router.get("/layouts/{module}", response=LayoutOut, operation_id="layouts_get", summary="Read what a form asks")
def layout(
    request: ApiRequest,
    organisation: Path[str],
    module: Path[ModuleName],
    name: Annotated[
        str,
        Query(description="Of appointments: create, reschedule or cancel; of job sheets the layout’s name."),
        Field(max_length=80),
    ] = "",
) -> HttpResponse:
    request.access.require(SEEN_BY[module])
    names = layout_names(module)
    wanted = name or names[0]
    current = current_layout(request.access, module, wanted)
    if current.version is None and wanted not in names:
        raise Http404
    told = layout_output(told_document(request.access, module, current.document))
    return answer({"module": module, "name": wanted, "version": current.number, "sections": told})
