"""The content security policy: the same for every answer, so it is written once when the server starts."""

from __future__ import annotations

from collections.abc import Callable

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

Answer = Callable[[HttpRequest], HttpResponseBase]
#: Where a developer is shown Django's own pages, which have styles of their own.
_DEBUGGING = (404, 500)


def security_policy(get_response: Answer) -> Answer:
    """Send the policy of the settings; django-csp's middleware would put it together twice for each answer."""
    policy = build_policy()

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if not (settings.DEBUG and response.status_code in _DEBUGGING):
            response.headers.setdefault(HEADER, policy)
        return response

    return answer
