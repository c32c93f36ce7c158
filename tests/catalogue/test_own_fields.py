"""Own fields of services: typed, judged, copied to be found, kept through clone, bin and undo, and told by right."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from carnet.appointments.actions import undo_rearrangement
from carnet.appointments.actions.changes import ServiceEdited
from carnet.appointments.actions.rearrange import rearrange
from carnet.base.errors import Invalid
from carnet.base.scopes import open_organisation
from carnet.catalogue.actions import (
    add_provider,
    change_each,
    change_prices,
    create_service,
    edit_service,
    empty_bin,
    restore_service,
)
from carnet.catalogue.actions.trash import throw_away
from carnet.catalogue.details import ServiceDetails, details_of
from carnet.catalogue.models import Service
from carnet.catalogue.output import service_output
from carnet.catalogue.queries import KEPT, visible_services
from carnet.customisation.actions import save_layout
from carnet.customisation.models import FieldValue
from carnet.customisation.queries import current_layout, draft_of
from carnet.desk.queries.history import record_history
from carnet.desk.queries.service_history import history_of
from carnet.organisations.actions import ProfileDetails, edit_profile, set_field_rights
from carnet.organisations.errors import FieldRefused
from carnet.organisations.fields import HIDDEN, READ_ONLY
from carnet.organisations.models import Activity, Profile
from tests.cast import Business
from tests.customisation.test_custom_values import add

CODE: dict[str, Any] = {"type": "text", "label": {"fr": "Référence", "en": "Code"}, "unique": True}
DOORS: dict[str, Any] = {"type": "number", "label": {"en": "Doors"}, "default": 5, "decimals": 1}
WASH: dict[str, Any] = {
    "type": "choice",
    "label": {"fr": "Type de lavage", "en": "Kind of wash"},
    "choices": [{"label": {"fr": "Lavage à l'eau"}}, {"label": {"fr": "Lavage sans eau"}}],
}


def added(business: Business, *fields: dict[str, Any]) -> list[str]:
    return add(business, *fields, module="services")


def typed(business: Business, name: str = "Lavage", **custom: Any) -> ServiceDetails:
    return replace(details_of(business.services["haircut"]), name=name, custom=custom)


def made(business: Business, name: str = "Lavage", **custom: Any) -> Service:
    return create_service(business.access("alice"), typed(business, name, **custom))


def edited(business: Business, service: Service, by: str = "alice", **custom: Any) -> Service:
    return edit_service(business.access(by), service, replace(details_of(service), custom=custom))


def copied(service: Service) -> list[tuple[str, Any]]:
    rows = FieldValue.objects.filter(record=service.pk).order_by("field_id", "pk")
    columns = ("text", "number", "instant", "ref")
    return [(f"f{row.field_id}", next(v for c in columns if (v := getattr(row, c)) is not None)) for row in rows]


def layout_changed(business: Business, change: Any) -> None:
    access = business.access("alice")
    current = current_layout(access, "services")
    draft = copy.deepcopy(draft_of(access, current.document))
    change(draft)
    save_layout(access, "services", "standard", draft, version=current.number)


def own(draft: dict[str, Any], label: str) -> dict[str, Any]:
    return next(one for one in draft["sections"][0]["fields"] if label in one["label"].values())


def kept(service: Service) -> dict[str, Any]:
    custom: dict[str, Any] = Service.objects.get(pk=service.pk).custom
    return custom


def test_a_service_is_added_with_values_that_are_kept_copied_and_told(salon: Business) -> None:
    code, doors, wash = added(salon, CODE, DOORS, WASH)
    service = made(salon, **{code: " L-1 ", wash: 2})
    assert kept(service) == {code: "L-1", doors: 50, wash: 2}
    assert copied(service) == [(code, "l 1"), (doors, 50), (wash, 2)]
    (told,) = visible_services(salon.access("bea")).filter(pk=service.pk)
    assert service_output(salon.access("bea"), told)["custom"] == {code: "L-1", doors: 5.0, wash: 2}


def test_a_required_field_that_is_skipped_is_refused_by_name_and_nothing_is_added(salon: Business) -> None:
    """(K7)"""
    code, doors, wash = added(salon, CODE, DOORS, {**WASH, "required": True})
    before = Service.objects.count()
    for custom in ({}, {wash: ""}, {wash: 9}, {wash: 1, doors: "x"}, {wash: 1, "f999999": "x"}):
        with pytest.raises(Invalid) as caught:
            made(salon, **custom)
        assert len(caught.value.errors) == 1
    assert Service.objects.count() == before
    assert not FieldValue.objects.exists()
    assert kept(made(salon, **{wash: 1})) == {doors: 50, wash: 1}
    assert code not in kept(made(salon, "Autre", **{wash: 1}))


def test_an_edit_changes_what_it_says_and_tells_it_by_the_label(salon: Business) -> None:
    code, doors, wash = added(salon, CODE, DOORS, WASH)
    service = made(salon, **{code: "L-1", wash: 2})
    service = edit_service(salon.access("alice"), service, replace(details_of(service), name="Lavage complet"))
    assert kept(service) == {code: "L-1", doors: 50, wash: 2}
    service = edited(salon, service, **{doors: 3, code: ""})
    assert kept(service) == {doors: 30, wash: 2}
    assert copied(service) == [(doors, 30), (wash, 2)]
    rows = Activity.objects.filter(kind="service.edited").order_by("-pk")[:1]
    assert rows[0].changes[doors] == [50, 30]
    assert rows[0].changes[code] == ["L-1", None]
    with translation.override("en"):
        (said,) = history_of(salon.access("alice"), rows)
        (line,) = record_history(salon.access("alice"), service)[:1]
    assert said.sentence in ("Edited: Doors, Code", "Edited: Code, Doors")
    told = {one.field: (one.before, one.after) for one in line.changes}
    assert told == {"Doors": ("5.0", "3.0"), "Code": ("L-1", "")}


def test_a_clone_has_the_values_of_its_original_but_for_what_is_unique(salon: Business) -> None:
    """(C6)"""
    code, doors, wash = added(salon, CODE, DOORS, WASH)
    original = made(salon, **{code: "L-1", doors: 3, wash: 2})
    clone = create_service(salon.access("alice"), details_of(original), cloned_from=original)
    assert kept(clone) == {doors: 30, wash: 2}
    assert copied(clone) == [(doors, 30), (wash, 2)]
    other = replace(details_of(original), custom={code: "L-2", wash: ""})
    assert kept(create_service(salon.access("alice"), other, cloned_from=original)) == {code: "L-2", doors: 30}
    with pytest.raises(Invalid) as caught:
        create_service(salon.access("alice"), replace(details_of(original), custom={code: "l 1"}), cloned_from=original)
    assert list(caught.value.errors) == [code]


def test_what_is_unique_is_held_by_one_service_also_while_that_lies_in_the_bin(salon: Business) -> None:
    (code,) = added(salon, CODE)
    service = made(salon, **{code: "L-1"})
    throw_away(salon.access("alice"), service)
    with pytest.raises(Invalid):
        made(salon, "Autre", **{code: "L-1"})
    restore_service(salon.access("alice"), service)
    assert (kept(service), copied(service)) == ({code: "L-1"}, [(code, "l 1")])
    throw_away(salon.access("alice"), service)
    empty_bin(salon.access("alice", salon.now + KEPT + timedelta(days=1)))
    assert not FieldValue.objects.exists()
    assert kept(made(salon, "Autre", **{code: "L-1"})) == {code: "L-1"}


def test_changing_many_services_leaves_their_values_alone(salon: Business) -> None:
    code, doors = added(salon, CODE, DOORS)
    service = made(salon, **{code: "L-1", doors: 3})
    added(salon, {**WASH, "required": True})
    for change in (change_prices(10), add_provider(salon.members["bea"])):
        change_each(salon.access("alice"), [service], change)
    assert (kept(service), copied(service)) == ({code: "L-1", doors: 30}, [(code, "l 1"), (doors, 30)])


def test_an_undo_brings_all_values_back_whatever_the_layout_takes_since(salon: Business) -> None:
    code, doors, wash = added(salon, CODE, DOORS, WASH)
    service = made(salon, **{code: "L-1", doors: 3, wash: 1})
    details = replace(details_of(service), custom={code: "L-2", doors: 4, wash: ""})
    rearrangement = rearrange(salon.access("alice"), ServiceEdited(service, details), [])

    def narrowed(draft: dict[str, Any]) -> None:
        own(draft, "Kind of wash")["choices"][0]["archived"] = True
        own(draft, "Doors")["minimum"] = 4
        draft["removed"].append(own(draft, "Code"))
        draft["sections"][0]["fields"].remove(own(draft, "Code"))

    layout_changed(salon, narrowed)
    undo_rearrangement(salon.access("alice", salon.now + timedelta(minutes=1)), rearrangement)
    assert kept(service) == {code: "L-1", doors: 30, wash: 1}
    assert sorted(copied(service)) == sorted([(code, "l 1"), (doors, 30), (wash, 1)])


def test_what_is_held_may_stay_whatever_the_field_takes_now(salon: Business) -> None:
    """(C7, C9)"""
    code, doors, wash = added(salon, CODE, DOORS, WASH)
    service = made(salon, **{code: "L-1", doors: 3, wash: 1})

    def narrowed(draft: dict[str, Any]) -> None:
        own(draft, "Kind of wash")["choices"][0]["archived"] = True
        draft["removed"].append(own(draft, "Code"))
        draft["sections"][0]["fields"].remove(own(draft, "Code"))

    layout_changed(salon, narrowed)
    service = edited(salon, service, **{doors: 4, wash: 1})
    assert kept(service) == {code: "L-1", doors: 40, wash: 1}
    assert service_output(salon.access("alice"), service)["custom"] == {doors: 4.0, wash: 1}
    with pytest.raises(Invalid):
        made(salon, "Autre", **{wash: 1})
    with pytest.raises(Invalid):
        edited(salon, service, **{code: "L-2"})


def test_a_hidden_field_is_neither_told_nor_changed_and_a_read_only_one_not_changed(salon: Business) -> None:
    """(T3)"""
    code, doors, wash = added(salon, CODE, DOORS, WASH)
    service = made(salon, **{code: "L-1", doors: 3})
    profile = Profile.objects.get(key="front_desk")
    edit_profile(
        salon.access("alice"),
        profile,
        ProfileDetails(profile.name, [*profile.permissions, "catalogue.edit", "catalogue.create"], profile.reach),
    )
    rights = {("services", code): HIDDEN, ("services", doors): READ_ONLY}
    set_field_rights(salon.access("alice"), Profile.objects.get(key="front_desk"), rights)
    bea = salon.access("bea")
    assert service_output(bea, service)["custom"] == {doors: 3.0}
    assert service_output(salon.access("alice"), service)["custom"] == {code: "L-1", doors: 3.0}
    for key in (code, doors):
        with pytest.raises(FieldRefused):
            edited(salon, service, by="bea", **{key: "1"})
        with pytest.raises(FieldRefused):
            create_service(bea, typed(salon, "Autre", **{key: "1"}))
    edited(salon, service, by="bea", **{wash: 2})
    assert kept(service) == {code: "L-1", doors: 30, wash: 2}
    with translation.override("en"):
        (line,) = record_history(bea, edited(salon, service, **{code: "L-2"}))[:1]
    assert (line.sentence, line.changes) == ("Saved without a change", [])


def test_the_fields_of_another_organisation_do_not_exist(salon: Business, garage: Business) -> None:
    """(T1)"""
    with open_organisation(garage.organisation):
        (theirs,) = added(garage, CODE)
        made(garage, **{theirs: "L-1"})
    with pytest.raises(Invalid):
        made(salon, **{theirs: "x"})
    (ours,) = added(salon, CODE)
    assert kept(made(salon, **{ours: "L-1"})) == {ours: "L-1"}, "what is unique is so in one house"
    with pytest.raises(Invalid):
        edited(salon, Service.objects.get(name="Lavage"), **{theirs: "x"})
    assert set(FieldValue.objects.values_list("field_id", flat=True)) == {int(ours[1:])}
