"""Files that come with a form: kept before the view looks at the form, which then names them as a program would.

A browser does not send a file twice. What was chosen is kept at once, so that it is still there when another field of
the form is refused; the form comes back with its public id, and what could not be kept with the code of the reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase

from carnet.base.errors import TradeError
from carnet.customisation.actions.files import keep_file
from carnet.customisation.models import Field
from carnet.customisation.types.files import FILES
from carnet.customisation.uploads import MOST_BYTES, Sent, UploadRefused, refused_text
from carnet.organisations.access import Access

_FILE: Final = re.compile(r"f\d{1,18}", re.ASCII)
#: What a signature is sent as.
_SIGNED: Final = re.compile(r"(f\d{1,18})\.(?:strokes|typed)", re.ASCII)
#: Of as many files one form can tell; no layout has more of them.
_MOST: Final = 50


class FilesOfForms:
    """Put the public id of each file in the place of the file, for every form inside an organisation."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    # After the form was found to be ours (CSRF), before the view.
    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        access: Access | None = getattr(request, "access", None)
        if request.method == "POST" and access is not None and (keys := _sent_keys(request)):
            request.POST = _with_ids(request, access, keys)  # type: ignore[assignment]


def sent_for(request: HttpRequest, file: str, part: str = "") -> Sent:
    """Return what came: the file called `file`, or a signature whose parts are called `part` and what they are."""
    files, typed = request.FILES.getlist(file), request.POST.get(f"{part}typed", "")
    if files:
        # One byte more than is allowed is enough to be refused; a picture may be larger than a file.
        return Sent(files[-1].read(2 * MOST_BYTES), typed or files[-1].name or "")
    return Sent(None, typed, request.POST.get(f"{part}strokes", ""))


def field_of_files(key: str) -> Field | None:
    """Return the field of this key if what it holds are files."""
    return Field.objects.filter(pk=int(key[1:]), type__in=FILES).first() if _FILE.fullmatch(key) else None


def _sent_keys(request: HttpRequest) -> list[str]:
    keys = [name for name in request.FILES if _FILE.fullmatch(name)]
    for name in request.POST:
        if (found := _SIGNED.fullmatch(name)) and request.POST[name].strip():
            keys.append(found[1])
    return list(dict.fromkeys(keys))[:_MOST]


def _with_ids(request: HttpRequest, access: Access, keys: list[str]) -> QueryDict:
    posted = request.POST.copy()
    for key in keys:
        field = field_of_files(key)
        if field is None:
            continue
        try:
            posted[key] = str(keep_file(access, field, sent_for(request, key, f"{key}.")).public_id)
            posted.pop(f"{key}.remove", None)
        except UploadRefused as refused:
            posted[key] = refused_text(refused.code)
        except TradeError:
            posted[key] = refused_text("not-permitted")
        for part in ("strokes", "typed"):
            posted.pop(f"{key}.{part}", None)
    return posted
