"""« Partir d'un exemple »: the catalogues of eight trades, to begin with."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from carnet.base.errors import Invalid
from carnet.catalogue.actions import add_example
from carnet.catalogue.examples import LANGUAGES, example_of, examples, written_for
from carnet.desk.sheets import open_page, sheet
from carnet.desk.views.price_list import catalogue_address
from carnet.organisations.requests import OrganisationRequest


@require_http_methods(["GET", "POST"])
def choose_example(request: OrganisationRequest) -> HttpResponse:
    request.access.require("catalogue.create")
    error = ""
    if request.method == "POST":
        example = example_of(request.POST.get("trade", ""))
        if example is None:
            raise Http404
        try:
            made = len(add_example(request.access, example))
        except Invalid as refused:
            error = refused.sentence()
        else:
            said = ngettext("%(count)d service is added.", "%(count)d services are added.", made)
            messages.success(request, said % {"count": made} if made else _("All of these services are there already."))
            return open_page(request, catalogue_address(request))
    organisation = request.organisation
    reader = (get_language() or "")[:2]
    context = {
        "trades": [
            {
                "key": example.trade,
                "name": example.name.get(reader, example.name[LANGUAGES[0]]),
                "offers": written_for(example, organisation.language, organisation.currency),
            }
            for example in examples()
        ],
        "currency": organisation.currency,
        "error": error,
        "close_url": catalogue_address(request),
    }
    return sheet(request, "desk/catalogue/_examples.html", context, status=422 if error else 200)
