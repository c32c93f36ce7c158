"""The demo's own pages: signing in by a link, and how far the books are written."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from carnet.base import clock
from carnet.demo.progress import is_writing, progress
from carnet.demo.sign_in import who_holds


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Show who is to be signed in, and do so at the press of a button; a link merely looked at changes nothing."""
    identity = who_holds(token)
    if identity is None:
        return render(request, "demo/expired.html", status=404)
    if request.method == "GET":
        return render(request, "demo/sign_in.html", {"identity": identity})
    login(request, identity.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return HttpResponseRedirect(identity.home, status=303)


@never_cache
@require_GET
def progress_bar(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        raise Http404
    return render(request, "demo/_progress.html", {"progress": progress(clock.now())})


def bar(request: HttpRequest) -> str:
    """Return the bar that stands above every page while the books are written, "" once they are."""
    now = clock.now()
    if not is_writing(now):
        return ""
    return render_to_string("demo/_progress.html", {"progress": progress(now)}, request)
