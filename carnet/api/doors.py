"""The API object: every room's doors under /api/v1/, what each of them has, and the OpenAPI document of them all."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import cache, wraps
from typing import Any

import orjson
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET
from ninja import NinjaAPI
from ninja.openapi.schema import REF_TEMPLATE
from pydantic.json_schema import models_json_schema

from carnet.api.problems import HANDLERS, NotJson, not_found
from carnet.appointments.api import router as appointments
from carnet.base.api.errors import ALWAYS, Conflict, Problem, described, problem
from carnet.base.api.parsing import StrictParser
from carnet.base.errors import Invalid
from carnet.catalogue.api import router as catalogue
from carnet.customers.api import router as customers
from carnet.customisation.api import router as layouts
from carnet.jobsheets.api import router as job_sheets
from carnet.organisations.tokens import TokenAuth, asked_language

PREFIX = "/api/v1/"
Door = Callable[..., HttpResponse]


class CarnetApi(NinjaAPI):
    """Our API object: every address under /api/ goes through one door, and the OpenAPI document tells the problems."""

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        patterns: list[URLResolver | URLPattern] = [path("openapi.json", openapi, name="openapi-json")]
        for router in self._get_bound_routers():
            for pattern in router.urls_paths(router.prefix):
                pattern.callback = through_the_door(pattern.callback)
                patterns.append(pattern)
        # Else an unknown address would be answered by a page.
        patterns.append(re_path("", nothing_here))
        return patterns

    def get_openapi_operation_id(self, operation: Any) -> str:
        return str(operation.view_func.__name__)

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None) -> Any:
        document = super().get_openapi_schema(path_prefix=path_prefix or PREFIX, path_params=path_params)
        for operations in document["paths"].values():
            for operation in operations.values():
                told = operation["responses"]
                reads_body = (400, 413, 415) if "requestBody" in operation else ()
                for status in (*reads_body, *ALWAYS):
                    told.setdefault(status, described(status))
                operation["responses"] = {status: told[status] for status in sorted(told)}
        models = [(model, "serialization") for model in (Problem, Conflict)]
        schemas = models_json_schema(models, ref_template=REF_TEMPLATE)[1]["$defs"]  # type: ignore[arg-type]
        document["components"]["schemas"].update(schemas)
        return document


def through_the_door(view: Door) -> Door:
    """Give `view` what every operation has: a language, things closed after the answer is written, 405 as a problem."""

    @csrf_exempt
    @wraps(view)
    def door(request: HttpRequest, **values: Any) -> HttpResponse:
        with ExitStack() as until_answered:
            request.until_answered = until_answered  # type: ignore[attr-defined]
            # A thread may still speak the language of the page it answered before.
            until_answered.enter_context(translation.override(asked_language(request) or settings.LANGUAGE_CODE))
            response = view(request, **values)
            if response.status_code == 405:
                allowed = response.headers.get("Allow", "")
                response = problem(405, "method_not_allowed", _("This address does not know this verb."))
                response.headers["Allow"] = allowed
            # What a token may see is nobody else's: no cache keeps it.
            response.headers["Cache-Control"] = "private, no-store"
            response.headers["Vary"] = "Accept-Language, Authorization"
            response.headers["Content-Language"] = translation.get_language() or ""
            return response

    return door


@through_the_door
def nothing_here(request: HttpRequest, **values: Any) -> HttpResponse:
    """Answer any address under /api/ that is none."""
    return not_found(request, Http404())


@require_GET
def openapi(request: HttpRequest) -> HttpResponse:
    return HttpResponse(document_text(), content_type="application/json")


def declared_queries_only(view: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse query parameters that the operation does not know, and those sent twice: a typo must not widen a list."""

    @cache
    def known() -> tuple[frozenset[str], frozenset[str]]:
        """Return the names of all query parameters, and of those that may be sent several times."""
        asked = [
            model
            for model in view._ninja_operation.models  # type: ignore[attr-defined]
            if model.__ninja_param_source__ == "query"
        ]
        return (
            frozenset(name for model in asked for name in model.__ninja_flatten_map__),
            frozenset(name for model in asked for name in model.__ninja_collection_fields__),
        )

    @cache
    def reads_json() -> bool:
        # An operation that describes a body of its own reads and judges it by itself.
        more = view._ninja_operation.openapi_extra or {}  # type: ignore[attr-defined]
        return "requestBody" not in more

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **values: Any) -> Any:
        if request.GET:
            names, several = known()
            wrong = {name: _("There is no such field.") for name in request.GET if name not in names}
            twice = {
                name: _("This was sent twice.")
                for name, found in request.GET.lists()
                if len(found) > 1 and name not in several
            }
            if wrong or twice:
                raise Invalid(**{str(name): text for name, text in (twice | wrong).items()})
        sent = request.META.get("CONTENT_LENGTH") not in (None, "", "0")
        if sent and request.content_type != "application/json" and reads_json():
            raise NotJson
        return view(request, *args, **values)

    return checked


def make_api() -> CarnetApi:
    """Return the API with every room's doors mounted."""
    made = CarnetApi(
        title="Carnet",
        version="1",
        description=(
            "The appointment book of a service business. Times are ISO 8601 with an offset, lengths are minutes, "
            "amounts are whole minor units of the currency. Every error is application/problem+json."
        ),
        auth=TokenAuth(),
        parser=StrictParser(),
        docs_url=None,
        urls_namespace="api",
    )
    made.add_decorator(declared_queries_only, mode="operation")
    # Addresses are tried in this order: first those that are asked for most.
    for router in (appointments, customers, catalogue, job_sheets, layouts):
        made.add_router("/o/{slug:organisation}", router)
    for error, handler in HANDLERS.items():
        made.add_exception_handler(error, handler)
    return made


@cache
def document_text() -> bytes:
    """Return the OpenAPI document as it is committed: sorted, indented, the same on every machine."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(api.get_openapi_schema(), option=options)


api = make_api()
