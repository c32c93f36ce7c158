"""Whatever people type stands on the page as text: no element, no template, no address comes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db.models import CharField, Field, Model, TextField

from carnet.base.scopes import open_organisation
from carnet.catalogue.actions import create_service
from carnet.catalogue.details import ServiceDetails
from carnet.customers.actions import NewCustomer, create_customer
from carnet.customers.queries import lookup
from carnet.organisations.actions import About, add_member, create_organisation, edit_organisation
from carnet.organisations.models import Profile, Role
from tests.cast import Business
from tests.doors.crawl import crawl
from tests.doors.test_pages import nothing_inline_or_from_elsewhere, starts
from tests.doors.world import World, fence_up

#: Words of the product itself, which nobody types: keys, codes, hashes, and what is derived from other words.
NOT_TYPED = {
    "Organisation": {"slug", "country", "region", "zone", "currency", "language"},
    "Profile": {"key"},
    "Token": {"hash"},
    "Activity": {"kind", "actor_kind", "subject_kind"},
    "IdempotencyKey": {"principal", "route", "key", "fingerprint"},
    "SignIn": {"session_key", "session_data"},
    "EmailChange": {"hash"},
    "Tries": {"door"},
    "Module": {"key"},
    "Layout": {"module", "name"},
    # Copies, to find by.
    "FieldValue": {"text", "unique_key"},
    "Field": {"key"},
    "Message": {"kind", "subject_kind", "error"},
    "LookupText": {"text"},
    "Customer": {"zone", "sorted_as"},
    "Contact": {"normal"},
    "Appointment": {"zone", "currency"},
    "Segment": {"zone"},
}
#: What people meet most: these must have been seen in full somewhere.
SHOWN = {
    "Organisation.name",
    "Member.name",
    "Customer.name",
    "Contact.value",
    "Address.street",
    "Note.text",
    "Membership.plan",
    "Service.name",
    "Service.description",
    "Segment.service_name",
    "Appointment.note",
    "Ending.note",
    "Tax.name",
    "Profile.name",
    "Role.name",
}


def typed_fields() -> Iterator[tuple[type[Model], Field[object, object]]]:
    """Yield every column of the product that holds words as people typed them, long enough to be dangerous."""
    for model in apps.get_models():
        if not model.__module__.startswith("carnet.") or model.__name__ == "User" or "demo" in model.__module__:
            continue
        for field in model._meta.concrete_fields:
            is_text = isinstance(field, CharField | TextField) and not field.choices
            if is_text and field.name not in NOT_TYPED.get(model.__name__, ()) and (field.max_length or 999) >= 40:
                yield model, field


def hostile(number: int) -> str:
    return f'<i id=hostile>{number:03}</i>"{{{{7|add:35}}}}'


def test_every_word_that_people_type_stays_text(world: World) -> None:
    """(T3)"""
    marks: dict[str, str] = {}
    with fence_up(), open_organisation(world.salon.organisation):
        for number, (model, field) in enumerate(typed_fields()):
            marks[f"{model.__name__}.{field.name}"] = hostile(number)
            for row in model._base_manager.all():
                # Names that may be there only once differ in what stands behind.
                text = f"{hostile(number)}{row.pk if model in (Profile, Role) else ''}"
                type(row)._base_manager.filter(pk=row.pk).update(**{field.name: text})
    seen: set[str] = set()
    # Somebody else's keys are on no page of an administrator's own.
    own_keys = re.compile(r"/o/salon/tokens/.+/revocation")
    begin = "/o/salon/", f"/o/salon/appointments/{world.names['ended']}/", *starts(world)
    begin = tuple(address for address in begin if not own_keys.fullmatch(address))
    for page, answer in crawl(world.clients["alice"], *begin, htmx=True):
        assert answer.status_code == 200, page.address
        nothing_inline_or_from_elsewhere(page)
        assert not [one for one in page.elements if one.attributes.get("id") == "hostile"], page.address
        told = " ".join(text for _place, text in page.words) + " ".join(
            element.attributes.get("value", "") for element in page.elements
        )
        assert told.count("id=hostile") == told.count('</i>"{{7|add:35}}'), page.address
        seen |= {name for name, mark in marks.items() if mark in told}
    assert seen >= SHOWN, SHOWN - seen


@pytest.mark.parametrize("override", ["\u202e", "\u202d", "\u2067", "\u2068"])
def test_no_name_is_written_backwards_to_look_like_another(salon: Business, override: str) -> None:
    """(T2)"""
    backwards = f"{override}ecilA \U0001f469\U0001f3fd\u200d\U0001f9b0"
    plain = backwards.replace(override, "")
    people = {"profile": Profile.objects.get(key="provider"), "role": Role.objects.get()}
    service = ServiceDetails(backwards, 30, 100, members=[salon.members["lea"]], description=backwards)
    founded = create_organisation(
        name=backwards, country="FR", zone="Europe/Paris", currency="EUR", language="fr", now=salon.now
    )
    names = [
        create_customer(salon.system, NewCustomer(backwards)).name,
        add_member(salon.system, backwards, **people).name,
        create_service(salon.system, service).name,
        founded.organisation.name,
        edit_organisation(salon.system, About(backwards)).name,
    ]
    assert names == [plain] * len(names)


def test_long_and_single_names_are_kept_and_found_as_typed(salon: Business) -> None:
    """(T1)"""
    for name in ("Ω", "Õ" * 300, "مريم", "Zoë \U0001f469\u200d\U0001f469\u200d\U0001f467", "O’Brien-Łukasz d'Été"):
        created = create_customer(salon.system, NewCustomer(name))
        assert created.name == name
        assert created in lookup(salon.access("bea"), name.split()[0], limit=50)
    decomposed = create_customer(salon.system, NewCustomer("E\u0301lodie"))
    assert decomposed.name == "\u00c9lodie"
