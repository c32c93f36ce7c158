"""The words of the screen: gathered from every source, complete, and printed as French is printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.template import Context, Template
from django.utils import translation

from carnet.base import translations
from carnet.base.typography import faults, placeholders


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small product of its own: one Python file, one template, catalogues beside them."""
    package = tmp_path / "carnet"
    (package / "desk" / "templates").mkdir(parents=True)
    (package / "desk" / "views.py").write_text(
        "from django.utils.translation import gettext as _, ngettext, pgettext_lazy\n"
        'TITLE = _("The day")\n'
        'MANY = ngettext("%(count)s visit", "%(count)s visits", 2)\n'
        'VERB = pgettext_lazy("verb", "Book")\n'
    )
    (package / "desk" / "templates" / "day.html").write_text(
        '{% load i18n %}<p class="x">It\'s {% translate \'Nobody’s "day"\' %}</p>\n'
        "{% blocktranslate trimmed with day=day %}\n  No free time\n  on {{ day }}.\n{% endblocktranslate %}\n"
        "{% blocktranslate count n=n %}{{ n }} place{% plural %}{{ n }} places{% endblocktranslate %}\n"
        '{% include "x.html" with label=_("As a filter") %}'
    )
    monkeypatch.setattr(translations, "PACKAGE", package)
    monkeypatch.setattr(translations, "LOCALE", tmp_path / "locale")
    return tmp_path


def french(house: Path) -> str:
    return (house / "locale" / "fr" / "LC_MESSAGES" / "django.po").read_text()


def translate_all(house: Path, **words: str) -> None:
    """Fill the French catalogue: `words` by a piece of their English, everything else with an upper-case copy."""
    path = house / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale="fr")
    for message in catalogue:
        if not message.id:
            continue
        if isinstance(message.id, tuple):
            message.string = tuple(f"fr\u202f: {text}" for text in message.id)
        else:
            message.string = f"fr\u202f: {message.id}".replace('"', "")
        for piece, french_words in words.items():
            if piece in translations.first_text(message).replace(" ", "_"):
                message.string = french_words
    with path.open("wb") as file:
        translations.write_po(file, catalogue, width=110)
    translations.update()


def test_texts_are_gathered_from_python_and_from_templates(house):
    translations.update()
    found = {(m.context, m.id) for m in translations.read("fr") if m.id}
    assert found == {
        (None, "The day"),
        (None, ("%(count)s visit", "%(count)s visits")),
        ("verb", "Book"),
        (None, 'Nobody’s "day"'),
        (None, "No free time on %(day)s."),
        (None, ("%(n)s place", "%(n)s places")),
        (None, "As a filter"),
    }


def test_an_update_keeps_the_translations_and_changes_nothing_the_second_time(house):
    translations.update()
    translate_all(house, The_day="Le jour")
    once = french(house)
    translations.update()
    assert 'msgstr "Le jour"' in once
    assert french(house) == once


def test_a_line_added_above_a_text_changes_no_catalogue(house):
    translations.update()
    before = french(house)
    views = house / "carnet" / "desk" / "views.py"
    views.write_text("# a comment\n\n" + views.read_text())
    translations.update()
    assert french(house) == before


def test_a_reworded_text_is_new_and_takes_no_fuzzy_guess(house):
    translations.update()
    translate_all(house)
    views = house / "carnet" / "desk" / "views.py"
    views.write_text(views.read_text().replace("The day", "The days"))
    assert any("not up to date" in line for line in translations.problems())
    translations.update()
    assert [line for line in translations.problems() if "The days" in line] == ["fr: “The days” is not translated"]


def test_english_is_filled_in_by_itself(house):
    translations.update()
    assert all(english == text for m in translations.read("en") if m.id for english, text in translations.pairs(m))


def test_a_complete_catalogue_has_no_problems(house):
    translations.update()
    translate_all(house)
    assert list(translations.problems()) == []


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ({"The_day": ""}, "is not translated"),
        ({"The_day": "The day"}, "the same in both languages"),
        ({"No_free": "Aucune heure libre."}, "differ in placeholders"),
        ({"No_free": "Aucune heure libre le %(jour)s."}, "differ in placeholders"),
        ({"The_day": "L'agenda"}, "straight apostrophe"),
        ({"The_day": "Le jour?"}, "no-break space before ?"),
        ({"The_day": "La prestation"}, "the house says service"),
    ],
)
def test_what_may_not_be_shipped_is_named(house, words, complaint):
    translations.update()
    translate_all(house, **words)
    assert [line for line in translations.problems() if complaint in line]


def test_a_text_that_is_rightly_the_same_stands_in_a_list(house):
    translations.update()
    translate_all(house, The_day="The day")
    (house / "locale" / "same_in_both.txt").write_text("The day\n")
    assert list(translations.problems()) == []


def test_a_fuzzy_entry_is_refused(house):
    translations.update()
    translate_all(house)
    path = house / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    path.write_text(path.read_text().replace('msgid "The day"', '#, fuzzy\nmsgid "The day"'))
    assert any("fuzzy" in line for line in translations.problems())


@pytest.mark.parametrize(
    "text",
    [
        "Léa est prise de 10:00 à 10:45\u202f; libre à 10:45.",
        "Remplissez «\u00a0Numéro de série\u00a0» pour continuer.",
        'Voir <a href="/x?y=1&amp;z=2">la suite</a>\u202f!',
        "Vraiment\u202f?!",
        "Ce créneau vient d’être pris. Encore libres\u00a0: %(starts)s",
        "https://exemple.fr",
    ],
)
def test_well_set_french_passes(text):
    assert list(faults(text)) == []


@pytest.mark.parametrize(
    "text",
    ["Libre ; à 10:45", "« Coupe »", "Libre:", "C'est pris.", 'Le "jour"', "Quoi ?", "Nos prestations.", "Réglages"],
)
def test_badly_set_french_is_found(text):
    assert list(faults(text))


def test_placeholders_are_compared_whatever_their_order():
    assert placeholders("%(a)s et %(b)s") == placeholders("%(b)s and %(a)s")
    assert placeholders("<b>%(a)s</b>") != placeholders("%(a)s")


def test_the_pseudo_language_marks_every_text_and_keeps_its_placeholders(house, settings, tmp_path):
    translations.write_pseudo(tmp_path / "pseudo")
    settings.LOCALE_PATHS = [tmp_path / "pseudo"]
    settings.LANGUAGES = [("eo", "Pseudo")]
    with translation.override("eo"):
        template = Template(
            "{% load i18n %}{% blocktranslate with day=day %}No free time on {{ day }}.{% endblocktranslate %}"
        )
        assert template.render(Context({"day": "Monday"})) == "⟦Ƞǿ ƒřḗḗ ŧīḿḗ ǿƞ Monday.⟧"
        assert translation.gettext("This field is required.").startswith("⟦")
        assert translation.ngettext("%(count)s visit", "%(count)s visits", 2) == "⟦%(count)s ṽīşīŧş⟧"
