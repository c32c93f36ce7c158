"""Saving layouts: every save a version, no field ever lost, and everything that is wrong told at once."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from carnet.base.errors import Hidden, NotPermitted
from carnet.customisation.actions import restore_layout, save_layout
from carnet.customisation.differences import differences
from carnet.customisation.errors import LayoutChanged, LayoutRefused
from carnet.customisation.models import Field, LayoutVersion
from carnet.customisation.queries import all_fields, current_layout, draft_of, fields_of, key_of
from carnet.desk.queries.activity_words import value_text
from carnet.organisations.models import Activity
from tests.cast import Business

WASH: dict[str, Any] = {
    "type": "choice",
    "label": {"fr": "Type de lavage", "en": "Type of wash"},
    "required": True,
    "choices": [
        {"label": {"fr": "Lavage à l’eau", "en": "With water"}, "colour": "blue"},
        {"label": {"fr": "Lavage sans eau", "en": "Without water"}},
    ],
}
MODEL: dict[str, Any] = {"type": "text", "label": {"fr": "Modèle de la voiture", "en": "Model of the car"}}


def draft(business: Business, module: str = "services", name: str = "standard") -> dict[str, Any]:
    access = business.access("alice")
    return copy.deepcopy(draft_of(access, current_layout(access, module, name).document))


def save(
    business: Business, drafted: dict[str, Any], module: str = "services", name: str = "standard", by: str = "alice"
) -> LayoutVersion:
    access = business.access(by)
    return save_layout(access, module, name, drafted, version=current_layout(access, module, name).number)


def with_fields(business: Business, *fields: dict[str, Any], module: str = "services") -> LayoutVersion:
    drafted = draft(business, module)
    drafted["sections"][-1]["fields"] += [copy.deepcopy(field) for field in fields]
    return save(business, drafted, module)


def labels(document: Any, language: str = "fr") -> list[str]:
    return [field["label"][language] for field in fields_of(document)]


def test_the_services_layout_begins_with_six_sections_and_their_fields_in_french(salon: Business) -> None:
    document = current_layout(salon.access("alice"), "services").document
    starred = lambda field: field["label"]["fr"] + "*" * field["locked"]  # noqa: E731
    told = {section["label"]["fr"]: [starred(field) for field in section["fields"]] for section in document["sections"]}
    assert told == {
        "Image de service": ["Image"],
        "Informations sur le service": [
            "Nom du service*",
            "Propriétaire du service*",
            "Durée disponible*",
            "Membres du service*",
            "Lieu du service*",
            "Catégorie",
            "Étiquettes",
        ],
        "Informations sur la disponibilité": ["Jours*", "Heures*", "Du", "Au", "État"],
        "Informations sur les prix": ["Prix*", "Taxes"],
        "Informations sur la feuille de travail": ["Feuille de travail à remettre*", "Disposition utilisée"],
        "Informations de description": ["Description"],
    }


def test_the_car_wash_adds_its_two_fields_and_they_are_in_the_next_version(salon: Business) -> None:
    saved = with_fields(salon, MODEL, WASH)
    assert saved.number == 1
    assert labels(saved.document)[-3:] == ["Description", "Modèle de la voiture", "Type de lavage"]
    now = current_layout(salon.access("bea"), "services")
    assert (now.number, now.version) == (1, saved)
    wash = list(fields_of(saved.document))[-1]
    assert [(choice["id"], choice["label"]["fr"]) for choice in wash["choices"]] == [
        (1, "Lavage à l’eau"),
        (2, "Lavage sans eau"),
    ]
    written = Activity.objects.get(kind="layout.revised", subject_id=saved.layout_id)
    assert written.changes["version"] == [0, 1]


def test_saving_what_was_read_changes_nothing_but_the_number(salon: Business) -> None:
    first = with_fields(salon, MODEL, WASH, {"type": "number", "label": {"en": "Doors"}, "decimals": 1, "minimum": 2.5})
    second = save(salon, draft(salon))
    assert second.document == first.document
    assert second.number == 2
    assert differences(first.document, second.document) == []


def test_a_removed_field_lies_in_the_tray_and_comes_back_as_it_was(salon: Business) -> None:
    """(C7)"""
    first = with_fields(salon, WASH)
    wash = list(fields_of(first.document))[-1]
    drafted = draft(salon)
    drafted["removed"].append(drafted["sections"][-1]["fields"].pop())
    second = save(salon, drafted)
    assert "Type de lavage" not in labels(second.document)
    assert second.document["removed"] == [wash]
    drafted = draft(salon)
    drafted["sections"][0]["fields"].append(drafted["removed"].pop())
    third = save(salon, drafted)
    assert third.document["sections"][0]["fields"][-1] == wash
    with translation.override("en"):
        assert differences(second.document, third.document) == ["“Type of wash” put back."]
        assert differences(first.document, second.document) == ["“Type of wash” removed; its values are kept."]


def test_a_field_that_a_draft_forgets_goes_to_the_tray(salon: Business) -> None:
    """(C7)"""
    with_fields(salon, WASH)
    drafted = draft(salon)
    drafted["sections"][-1]["fields"].pop()
    drafted["removed"] = []
    assert [field["label"]["en"] for field in save(salon, drafted).document["removed"]] == ["Type of wash"]


@pytest.mark.parametrize("key", ["name", "owner", "duration", "members", "place", "days", "hours", "price"])
def test_a_starred_field_may_be_renamed_and_moved_but_not_removed_or_made_optional(salon: Business, key: str) -> None:
    drafted = draft(salon)
    section = next(one for one in drafted["sections"] if any(key_of(field) == key for field in one["fields"]))
    field = next(field for field in section["fields"] if key_of(field) == key)
    field["label"], field["help"] = {"fr": "Autrement"}, {"fr": "Pour tous"}
    section["fields"].remove(field)
    drafted["sections"][0]["fields"].append(field)
    assert "Autrement" in [field["label"].get("fr") for field in fields_of(save(salon, drafted).document)]
    before = LayoutVersion.objects.count()
    for change in ("removed", "optional", "forgotten"):
        drafted = draft(salon)
        field = drafted["sections"][0]["fields"][-1]
        if change == "optional":
            field["required"] = False
        else:
            drafted["sections"][0]["fields"].pop()
            drafted["removed"] += [field] if change == "removed" else []
        with pytest.raises(LayoutRefused) as caught, translation.override("en"):
            save(salon, drafted)
        assert "Autrement" in caught.value.sentence()
    assert LayoutVersion.objects.count() == before


def test_somebody_who_saves_later_is_told_what_changed_and_nothing_is_saved_over_it(salon: Business) -> None:
    """(D1)"""
    mine = draft(salon)
    with_fields(salon, WASH)
    mine["sections"][-1]["fields"].append(copy.deepcopy(MODEL))
    fields = Field.objects.count()
    with pytest.raises(LayoutChanged) as caught, translation.override("en"):
        save_layout(salon.access("alice"), "services", "standard", mine, version=0)
    assert (caught.value.who, caught.value.version) == ("Alice", 1)
    assert caught.value.changes == ("“Type of wash” added.",)
    assert Field.objects.count() == fields
    assert current_layout(salon.access("alice"), "services").number == 1


def test_an_earlier_version_is_restored_as_a_new_one_and_later_fields_wait_in_the_tray(salon: Business) -> None:
    with_fields(salon, MODEL)
    with_fields(salon, WASH)
    restored = restore_layout(salon.access("alice"), "services", "standard", 1, version=2)
    assert restored.number == 3
    assert labels(restored.document)[-2:] == ["Description", "Modèle de la voiture"]
    assert [field["label"]["en"] for field in restored.document["removed"]] == ["Type of wash"]
    first = restore_layout(salon.access("alice"), "services", "standard", 0, version=3)
    assert labels(first.document)[-1] == "Description"
    assert len(first.document["removed"]) == 2


def test_choices_keep_their_ids_whatever_becomes_of_the_list(salon: Business) -> None:
    """(C9)"""
    with_fields(salon, WASH)
    drafted = draft(salon)
    wash = drafted["sections"][-1]["fields"][-1]
    wet, dry = wash["choices"]
    dry["label"] = {"fr": "À sec", "en": "Dry"}
    wash["choices"] = [{"label": {"en": "Steam"}}, dry]
    saved = list(fields_of(save(salon, drafted).document))[-1]
    assert [(one["id"], one["label"]["en"], one.get("archived", False)) for one in saved["choices"]] == [
        (3, "Steam", False),
        (2, "Dry", False),
        (1, "With water", True),
    ]
    drafted = draft(salon)
    drafted["sections"][-1]["fields"][-1]["choices"].append({"label": {"en": "Foam"}})
    saved = list(fields_of(save(salon, drafted).document))[-1]
    assert saved["choices"][-1]["id"] == 4
    assert wet["id"] == 1


def test_decimals_and_currency_stay_as_the_field_was_made(salon: Business) -> None:
    """(C8) Kept numbers would mean something else."""
    with_fields(
        salon,
        {"type": "number", "label": {"en": "Weight"}, "decimals": 2},
        {"type": "money", "label": {"en": "Deposit"}},
    )
    drafted = draft(salon)
    weight, deposit = drafted["sections"][-1]["fields"][-2:]
    weight["decimals"], deposit["currency"], deposit["decimals"] = 0, "JPY", 0
    weight, deposit = list(fields_of(save(salon, drafted).document))[-2:]
    assert (weight["decimals"], deposit["decimals"], deposit["currency"]) == (2, 2, "EUR")


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("type", {"type": "rocket", "label": {"en": "It"}}),
    ("type", {"type": "lines", "label": {"en": "It"}, "columns": [{"type": "text", "label": {"en": "Part"}}]}),
    ("label", {"type": "text", "label": {"en": "  "}}),
    ("label", {"type": "text", "label": "Name"}),
    ("label", {"type": "text", "label": {"en": "x" * 121}}),
    ("label", {"type": "text", "label": {"__class__": "x"}}),
    ("help", {"type": "text", "label": {"en": "It"}, "help": {"en": "x" * 501}}),
    ("required", {"type": "text", "label": {"en": "It"}, "required": "yes"}),
    ("shows", {"type": "text", "label": {"en": "It"}, "shows": ["moon"]}),
    ("choices", {"type": "choice", "label": {"en": "It"}}),
    ("choices", {"type": "choice", "label": {"en": "It"}, "choices": [{"label": {"en": "A"}, "colour": "#f00"}]}),
    ("choices", {"type": "choice", "label": {"en": "It"}, "choices": [{"id": 7, "label": {"en": "A"}}]}),
    ("choices", {"type": "choice", "label": {"en": "It"}, "choices": [{"label": {"en": "A"}}] * 10_001}),
    ("decimals", {"type": "number", "label": {"en": "It"}, "decimals": 7}),
    ("decimals", {"type": "number", "label": {"en": "It"}, "decimals": True}),
    ("minimum", {"type": "number", "label": {"en": "It"}, "minimum": "few"}),
    ("maximum", {"type": "number", "label": {"en": "It"}, "minimum": 3, "maximum": 2}),
    ("maximum", {"type": "date", "label": {"en": "It"}, "minimum": "2026-02-01", "maximum": "2026-01-01"}),
    ("minimum", {"type": "text", "label": {"en": "It"}, "minimum": 3}),
    ("unique", {"type": "paragraph", "label": {"en": "It"}, "unique": True}),
    ("searched", {"type": "text", "label": {"en": "It"}, "searched": True}),
    ("default", {"type": "number", "label": {"en": "It"}, "default": "many"}),
    ("default", {"type": "customer", "label": {"en": "It"}, "default": "somebody"}),
    ("shown_if", {"type": "text", "label": {"en": "It"}, "shown_if": "f999999 = 1"}),
    ("shown_if", {"type": "text", "label": {"en": "It"}, "shown_if": ["f1"]}),
    ("required_if", {"type": "text", "label": {"en": "It"}, "required_if": "1 +"}),
    ("rule", {"type": "total", "label": {"en": "It"}, "rule": "sum(f1)"}),
    ("rule", {"type": "total", "label": {"en": "It"}}),
    ("onclick", {"type": "text", "label": {"en": "It"}, "onclick": "alert(1)"}),
    ("", {"type": "text", "label": {"en": "It"}, "id": 2**40}),
    ("", {"type": "text", "label": {"en": "It"}, "id": True}),
    ("", {"type": "text", "label": {"en": "It"}, "key": "name"}),
    ("", {"type": "built_in", "label": {"en": "It"}, "key": "__class__"}),
    ("", {"type": "built_in", "label": {"en": "It"}, "key": "name"}),
    ("", {}),
]


@pytest.mark.parametrize(
    ("where", "field"), WRONG, ids=[f"{number} {where}" for number, (where, _f) in enumerate(WRONG)]
)
def test_each_property_that_is_wrong_is_told_at_its_place(salon: Business, where: str, field: dict[str, Any]) -> None:
    """(C11, T3, L8)"""
    before = Field.objects.count()
    with pytest.raises(LayoutRefused) as caught:
        with_fields(salon, MODEL, field)
    assert any(place.startswith("sections.5.fields.2") and place.endswith(where) for place in caught.value.errors) or (
        where == "type" and "sections.5.fields.2" in caught.value.errors
    ), caught.value.errors
    assert Field.objects.count() == before, "nothing is made of a draft that is refused"


@pytest.mark.parametrize(
    "drafted",
    [
        {},
        {"sections": {}},
        {"sections": [1]},
        {"sections": [{"label": {"en": "A"}}]},
        {"sections": [{"label": {"en": "A"}, "fields": [[]]}]},
        {"sections": [{"label": {"en": "A"}, "fields": [], "columns": 3}]},
        {"sections": [{"label": {"en": "A"}, "fields": [], "columns": True}]},
        {"sections": [{"label": {"en": "A"}, "fields": [], "style": "x"}]},
        {"sections": [{"label": {"en": "A"}, "fields": []}] * 51},
        {"sections": [{"label": {"en": "A"}, "fields": [MODEL] * 501}]},
        {"sections": [{"label": {"en": "A"}, "fields": [MODEL], "shown_if": "f1 = 1"}]},
    ],
)
def test_what_is_no_layout_or_too_large_is_refused(salon: Business, drafted: dict[str, Any]) -> None:
    """(C11, G1, G2)"""
    with pytest.raises(LayoutRefused) as caught:
        save(salon, drafted, "customers")
    assert caught.value.sentence().endswith(".")


def test_a_new_field_is_named_in_rules_before_it_has_a_key(salon: Business) -> None:
    saved = with_fields(
        salon,
        {**WASH, "name": "n1"},
        {"type": "text", "label": {"en": "Why not"}, "shown_if": "N1 = #2 and n1 is not empty", "required_if": "n1=#2"},
    )
    wash, why = list(fields_of(saved.document))[-2:]
    key = key_of(wash)
    assert (why["shown_if"], why["required_if"]) == (f"{key} = #2 and {key} is not empty", f"{key}=#2")


def test_a_rule_may_not_name_a_removed_field_nor_depend_on_itself(salon: Business) -> None:
    saved = with_fields(salon, {**WASH, "name": "n1"}, {**MODEL, "shown_if": "n1 = #1"})
    wash, model = list(fields_of(saved.document))[-2:]
    drafted = draft(salon)
    fields = drafted["sections"][-1]["fields"]
    drafted["removed"].append(fields.pop(-2))
    with pytest.raises(LayoutRefused) as caught:
        save(salon, drafted)
    assert list(caught.value.errors) == ["sections.5.fields.1.shown_if"]
    drafted = draft(salon)
    drafted["sections"][-1]["fields"][-2]["shown_if"] = f'{key_of(model)} = "Clio"'
    with pytest.raises(LayoutRefused) as caught, translation.override("en"):
        save(salon, drafted)
    assert "depends on itself" in caught.value.sentence()
    assert key_of(wash)


def test_the_appointments_have_three_layouts_that_share_their_fields(salon: Business) -> None:
    drafted = draft(salon, "appointments", "create")
    drafted["sections"][0]["fields"].append(copy.deepcopy(MODEL))
    made = list(fields_of(save(salon, drafted, "appointments", "create").document))[-1]
    drafted = draft(salon, "appointments", "cancel")
    drafted["sections"][0]["fields"].append({**made, "label": {"en": "Which car"}})
    shared = list(fields_of(save(salon, drafted, "appointments", "cancel").document))[-1]
    assert shared["id"] == made["id"]
    assert current_layout(salon.access("alice"), "appointments", "reschedule").number == 0
    with pytest.raises(LayoutRefused):
        save(salon, draft(salon, "appointments"), "appointments", "standard")


@pytest.mark.guard("access_require")
@pytest.mark.parametrize("name", ["bea", "lea"])
def test_only_who_may_set_up_saves_or_restores(salon: Business, name: str) -> None:
    with_fields(salon, MODEL)
    for attempt in (
        lambda: save_layout(salon.access(name), "services", "standard", draft(salon), version=1),
        lambda: restore_layout(salon.access(name), "services", "standard", 0, version=1),
    ):
        with pytest.raises((NotPermitted, Hidden)):
            attempt()
    assert current_layout(salon.access("alice"), "services").number == 1


def test_another_organisation_keeps_its_own_layout(salon: Business) -> None:
    """(C11) A field of another organisation is one that does not exist."""
    from carnet.base.scopes import open_organisation
    from tests.cast import open_business

    theirs = open_business("atelier")
    with open_organisation(theirs.organisation):
        foreign = list(fields_of(with_fields(theirs, MODEL).document))[-1]
    assert current_layout(salon.access("alice"), "services").number == 0
    with pytest.raises(LayoutRefused):
        with_fields(salon, foreign)


def test_a_layout_is_read_by_one_statement_and_none_where_nothing_was_saved(
    salon: Business, django_assert_num_queries: Any
) -> None:
    access = salon.access("bea")
    with django_assert_num_queries(0):
        current_layout(access, "customers")
    with_fields(salon, *[MODEL] * 100, module="customers")
    access = salon.access("bea")
    with django_assert_num_queries(1):
        assert len(list(all_fields(current_layout(access, "customers").document))) > 100


def test_the_rules_that_the_guide_works_out_are_accepted(salon: Business) -> None:
    page = Path(__file__).resolve().parents[2] / "docs/guide/adapting.md"
    # A draft calls its new fields by names of its own.
    shown, required, total = re.findall(r"^    (.+)$", page.read_text(encoding="utf-8").replace("f", "n"), re.MULTILINE)
    columns = [
        {"type": type_, "label": {"en": name}}
        for type_, name in (("text", "Part"), ("number", "Quantity"), ("money", "Price"))
    ]
    with_fields(
        salon,
        {**WASH, "name": "n12"},
        {"type": "text", "label": {"en": "Which product"}, "shown_if": shown},
        {"type": "number", "label": {"en": "Mileage"}, "name": "n20"},
        {"type": "date", "label": {"en": "Last inspection"}, "required_if": required},
        {"type": "lines", "label": {"en": "Spare parts"}, "name": "n21", "columns": columns},
        {"type": "money", "label": {"en": "Work"}, "name": "n22"},
        {"type": "total", "label": {"en": "In all"}, "rule": total},
        module="job_sheets",
    )
    made = list(fields_of(current_layout(salon.access("alice"), "job_sheets").document))[-1]
    assert made["currency"] == "EUR"


def test_a_field_that_depends_on_itself_is_told_by_its_name_where_its_rule_stands(salon: Business) -> None:
    """What people read never names a field's code."""
    with pytest.raises(LayoutRefused) as caught, translation.override("en"):
        with_fields(
            salon,
            {**WASH, "name": "n1", "shown_if": 'n2 = "Clio"'},
            {**MODEL, "name": "n2", "shown_if": "n1 = #1"},
        )
    assert list(caught.value.errors.values()) == ["The rule of “Type of wash” depends on itself."]
    assert list(caught.value.errors) == ["sections.5.fields.1.shown_if"]


def test_a_rule_that_names_a_removed_field_calls_it_by_its_name(salon: Business) -> None:
    with_fields(salon, {**WASH, "name": "n1"}, {**MODEL, "shown_if": "n1 = #1"})
    drafted = draft(salon)
    drafted["removed"].append(drafted["sections"][-1]["fields"].pop(-2))
    with pytest.raises(LayoutRefused) as caught, translation.override("en"):
        save(salon, drafted)
    assert "“Type of wash”" in caught.value.sentence()


def test_the_history_tells_what_changed_in_the_language_of_whoever_reads_it(salon: Business) -> None:
    saved = with_fields(salon, MODEL, WASH)
    drafted = draft(salon)
    model = drafted["sections"][-1]["fields"][-2]
    model["label"] = {**model["label"], "en": "Make and model"}
    model["required"] = True
    save(salon, drafted)
    row = Activity.objects.filter(kind="layout.revised", subject_id=saved.layout_id).latest("pk")
    told = {}
    for language in ("fr", "en"):
        with translation.override(language):
            told[language] = value_text(salon.access("alice"), "layout", row.changes["layout"][1])
    assert told["en"].endswith("is now called “Make and model”. “Make and model”: required changed.")
    assert "s’appelle maintenant «\u00a0Make and model\u00a0»" in told["fr"]
    assert "«\u00a0Modèle de la voiture\u00a0»" in told["fr"]
    # What was written down in words before differences were kept as data is told as it stands.
    assert value_text(salon.access("alice"), "layout", ["« Anniversaire » ajouté."]) == "« Anniversaire » ajouté."
