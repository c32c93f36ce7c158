"""Every error as one shape: what was refused, what was not found, and what is our own fault."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.signals import got_request_exception
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError, HttpError, ValidationError

from carnet.base.api.errors import field_errors, problem
from carnet.base.errors import Hidden, Invalid, TradeError, nothing_here
from carnet.base.unit_of_work import is_passing

logger = logging.getLogger("carnet.api")


class NotJson(TradeError):
    """The body says that it is something other than JSON."""

    code = "not_json"
    status = 415

    def sentence(self) -> str:
        return _("Send the body with the header Content-Type: application/json.")


def trade_error(request: HttpRequest, error: TradeError) -> HttpResponse:
    return problem(error.status, error.code, error.sentence(), **error.detail())


def not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = field_errors(error.errors)
    return problem(422, Invalid.code, " ".join(dict.fromkeys(errors.values())), errors=errors)


def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(Hidden.status, Hidden.code, nothing_here())


def not_signed_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problem(401, "not_signed_in", _("Send a token that is valid: Authorization: Bearer <token>."))


def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer what the framework itself refuses: a body that is no JSON."""
    return problem(error.status_code, "malformed", _("The body is not the JSON that is expected here."))


def too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return problem(413, "too_large", _("This request is too large."))


def cut_short(request: HttpRequest, error: UnreadablePostError) -> HttpResponse:
    return problem(400, "malformed", _("The request ended before its end."))


def database_error(request: HttpRequest, error: DatabaseError) -> HttpResponse:
    """Answer 503 for what passes: a busy or unreachable database; anything else is a fault of ours."""
    if is_passing(error) or isinstance(error, OperationalError | InterfaceError):
        logger.warning("database not available: %s", type(error).__name__)
        return problem(503, "busy", _("Too much is going on at the moment. Please try again."))
    return broken(request, error)


def broken(request: HttpRequest, error: Exception) -> HttpResponse:
    """Answer a fault of ours without telling any of it."""
    logger.error("fault in %s %s", request.method, request.path, exc_info=error)
    got_request_exception.send(sender=type(error), request=request)
    return problem(500, "fault", _("Something went wrong here; it was noted."))


HANDLERS: dict[type[Exception], Any] = {
    TradeError: trade_error,
    ValidationError: not_valid,
    Http404: not_found,
    AuthenticationError: not_signed_in,
    HttpError: http_error,
    RequestDataTooBig: too_big,
    UnreadablePostError: cut_short,
    DatabaseError: database_error,
    InterfaceError: database_error,
    Exception: broken,
}
