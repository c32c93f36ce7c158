"""The one shape of an error: application/problem+json with a stable `code` and a sentence in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import orjson
from django.db import IntegrityError
from django.http import HttpResponse
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict

from carnet.base.errors import TradeError

#: Any of these may answer any operation.
ALWAYS = (401, 403, 404, 422, 503)


class VersionMissing(TradeError):
    """A change was sent without saying which version it is made on."""

    code = "version_missing"
    status = 428

    def sentence(self) -> str:
        return _("Send the version you changed in the header If-Match, as it came in the header ETag.")


class IdTaken(TradeError):
    """The id that the client chose for a new record is in use."""

    code = "id_taken"
    status = 409

    def sentence(self) -> str:
        return _("This id is already in use.")


def id_taken(error: IntegrityError) -> Exception:
    """Return what to raise for a row that could not be written: the chosen id is in use, or the error itself."""
    return IdTaken() if "public_id" in str(error) else error


class Problem(BaseModel):
    """Why a request was refused; nothing has changed."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    code: str
    detail: str
    #: Field to sentence, where single values could not be taken.
    errors: dict[str, str] | None = None


class ToldRefusal(BaseModel):
    """One rule that says no: its stable name, its sentence, and from when on it would say yes."""

    rule: str
    sentence: str


class FreeStart(BaseModel):
    """A start that can be booked, in the organisation's zone, and the ids of the members who could take it."""

    start: str
    members: list[str]


class Conflict(Problem):
    """The booking is refused; every rule that says no is told, and free starts to take instead."""

    refusals: list[ToldRefusal] | None = None
    alternatives: list[FreeStart] | None = None


def problem(status: int, code: str, detail: str, **more: Any) -> HttpResponse:
    """Return a problem document (RFC 9457); `more` are further members of it."""
    document = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        **more,
    }
    response = HttpResponse(orjson.dumps(document), status=status, content_type="application/problem+json")
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if status == 503:
        response.headers["Retry-After"] = "2"
    return response


def problems(*statuses: int) -> dict[str, Any]:
    """Return what to add to an operation's OpenAPI: the problems it may answer with, besides those all may."""
    return {"responses": {status: described(status) for status in statuses}}


def described(status: int) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{'Conflict' if status == 409 else 'Problem'}"}
    return {
        "description": HTTPStatus(status).phrase,
        "content": {"application/problem+json": {"schema": schema}},
    }


def field_errors(errors: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Return pydantic's errors as field -> sentence, the field named as the client sent it ("further.0.service")."""
    told: dict[str, str] = {}
    for error in errors:
        # The first part says where (query, header, body); a body has one parameter, whose name nobody sent.
        where, *path = error["loc"]
        parts = path[1:] if where == "body" else path
        told.setdefault(".".join(str(part) for part in parts) or where, _sentence(error))
    return told


def _sentence(error: dict[str, Any]) -> str:
    context = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return _("This field is required.")
        case "extra_forbidden":
            return _("There is no such field.")
        case "string_too_long":
            return _("This is longer than %(limit)d characters.") % {"limit": context["max_length"]}
        case "less_than_equal":
            return _("This is more than %(limit)s.") % {"limit": context["le"]}
        case "greater_than_equal":
            return _("This is less than %(limit)s.") % {"limit": context["ge"]}
        case "carnet":
            return str(error["msg"])
    return _("This is not a value of the kind expected here.")
