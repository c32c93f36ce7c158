"""The API's short way: a token is no session, so its requests pass by the middleware that only pages need.

Two entries of MIDDLEWARE work together: `remember_views` is the last, `short_way` stands before sessions, forms and
languages. Whatever stands before `short_way` (the security headers) holds for the API too, and so does what Django
itself asks before a view, such as the check of forms in `process_view`.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import local

from django.http import HttpRequest
from django.http.response import HttpResponseBase

Answer = Callable[[HttpRequest], HttpResponseBase]
PREFIX = "/api/"
_made = local()


def remember_views(get_response: Answer) -> Answer:
    """Add nothing to a request; tell `short_way`, which is made later, what comes after the last middleware."""
    _made.views = get_response
    return get_response


def short_way(get_response: Answer) -> Answer:
    """Lead addresses of the API straight to their views, all others through the middleware that follows."""
    views: Answer = _made.views

    def answer(request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return get_response(request)
        # What CommonMiddleware does for pages, and an API needs: refuse hosts that are not ours, tell the length.
        request.get_host()
        response = views(request)
        if not response.streaming:
            response.headers.setdefault("Content-Length", str(len(response.content)))  # type: ignore[attr-defined]
        return response

    return answer
