"""The catalogues of the screen's words: gathered from the sources, checked, and turned into a pseudo-language.

python -m carnet.base.translations --update    bring locale/*/LC_MESSAGES/django.po up to date
python -m carnet.base.translations --check     exit 1 and say why unless they are complete and right
python -m carnet.base.translations --pseudo D  write D/eo, in which every known text stands between ⟦ and ⟧

A fresh machine has no gettext, so everything here is done by babel.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from carnet.base.typography import PLACEHOLDER, TAG, faults, placeholders

PACKAGE: Final = Path(__file__).resolve().parent.parent
LOCALE: Final = PACKAGE.parent / "locale"
PLURALS: Final = {"fr": "nplurals=2; plural=(n > 1);", "en": "nplurals=2; plural=(n != 1);"}
#: Made-up content for those who build Carnet, and the page that speaks both languages by itself.
LEFT_OUT: Final = ("base/templates/dev/", "base/templates/500.html", "base/views_components.py", "demo/content/")
KEYWORDS: Final = (
    "_",
    "gettext_noop",
    *(f"{name}gettext{lazy}" for name in ("", "n", "p", "np") for lazy in ("", "_lazy")),
)
STRING: Final = r"""u?("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
TEMPLATE_CALL: Final = re.compile(rf"\b(_|n?p?gettext)\(\s*{STRING}(?:,\s*{STRING})?(?:,\s*{STRING})?")

#: Context or None, the text, and its plural or None.
Text = tuple[str | None, str, str | None]


def texts_of_python(path: Path) -> Iterator[Text]:
    with path.open("rb") as file:
        for _line, function, words, _comments in extract_python(file, dict.fromkeys(KEYWORDS), [], {}):
            # A call with one word gives that word, a call with several a tuple; what is no plain string gives None.
            given: tuple[Any, ...] = words if isinstance(words, tuple) else (words,)
            yield from _text(function, [word for word in given if isinstance(word, str)])


def texts_of_template(path: Path) -> Iterator[Text]:
    from django.utils.translation.template import templatize

    for call in TEMPLATE_CALL.finditer(templatize(path.read_text())):
        yield from _text(call[1], [ast.literal_eval(word) for word in call.groups()[1:] if word])


def _text(function: object, words: list[str]) -> Iterator[Text]:
    if not words or not words[0]:
        return
    name = str(function).removesuffix("_lazy")
    context = words.pop(0) if name in ("pgettext", "npgettext") else None
    yield context, words[0], words[1] if name in ("ngettext", "npgettext") else None


def gathered() -> Catalog:
    """Return every text of the sources with the files it stands in."""
    catalogue = Catalog(charset="utf-8")
    for path in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.html")]):
        name = path.relative_to(PACKAGE).as_posix()
        if name.startswith(LEFT_OUT) or "/migrations/" in name:
            continue
        texts = texts_of_python(path) if path.suffix == ".py" else texts_of_template(path)
        for context, text, plural in texts:
            catalogue.add((text, plural) if plural else text, locations=[(f"carnet/{name}", 0)], context=context)
    return catalogue


def path_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    path = path_of(language)
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def first_text(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple) else str(message.id)


def updated(language: str) -> str:
    """Return the text of the language's catalogue as it should be: today's texts, yesterday's translations."""
    known, wanted = read(language), gathered()
    catalogue = Catalog(locale=language, charset="utf-8")
    for message in sorted(filter(first_text, wanted), key=lambda m: (m.locations[0], first_text(m), m.context or "")):
        before = known.get(first_text(message), message.context)
        string: Any = ("", "") if isinstance(message.id, tuple) else ""
        if language == "en":
            string = message.id
        elif before is not None and isinstance(before.string, tuple) == isinstance(message.id, tuple):
            string = before.string
        flags = {"fuzzy"} & set(before.flags if before else ())
        places = sorted(set(message.locations))
        catalogue.add(message.id, string, locations=places, flags=flags, context=message.context)
    buffer = BytesIO()
    write_po(buffer, catalogue, width=110, omit_header=True, include_lineno=False)
    header = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {language}\\n"\n"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: {PLURALS[language]}\\n"\n\n'
    )
    return header + buffer.getvalue().decode().strip() + "\n"


def update() -> None:
    """Write every catalogue anew and compile it."""
    for language in PLURALS:
        path = path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(updated(language))
        with path.open("rb") as file:
            compile_catalogue(read_po(file), path.with_suffix(".mo"))


def compile_catalogue(catalogue: Catalog, path: Path) -> None:
    with path.open("wb") as file:
        write_mo(file, catalogue)


def pairs(message: Message) -> list[tuple[str, str]]:
    """Return (English, translation) of a message; a plural gives two pairs."""
    if isinstance(message.id, tuple):
        return list(zip(message.id, message.string or ("", ""), strict=False))
    return [(str(message.id), str(message.string or ""))]


def problems() -> Iterator[str]:
    """Say, one line each, what keeps the catalogues from being shipped."""
    for language in PLURALS:
        path = path_of(language)
        if not path.is_file() or path.read_text() != updated(language):
            yield f"{language}: not up to date; run python -m carnet.base.translations --update"
    same = LOCALE / "same_in_both.txt"
    allowed = set(same.read_text().splitlines()) if same.is_file() else set()
    for message in filter(first_text, read("fr")):
        if message.fuzzy:
            yield f"fr: “{first_text(message)}” is marked fuzzy"
        for english, french in pairs(message):
            if not french:
                yield f"fr: “{english}” is not translated"
                continue
            if french == english and english not in allowed:
                yield f"fr: “{english}” is the same in both languages; if rightly so, add it to locale/same_in_both.txt"
            differing = set(placeholders(french)) ^ set(placeholders(english))
            # A singular may say "one" instead of its number.
            if differing and not (isinstance(message.id, tuple) and len(differing) == 1):
                yield f"fr: “{english}” and “{french}” differ in placeholders or tags"
            for fault in faults(french):
                yield f"fr: “{french}” {fault}"


ACCENTED: Final = str.maketrans(
    "abcdefghijklmnoprstuvwxyzABCDEFGHIJKLMNOPRSTUVWXYZ", "ȧƀƈḓḗƒɠħīĵķŀḿƞǿƥřşŧŭṽẇẋẏẑȦƁƇḒḖƑƓĦĪĴĶĿḾȠǾƤŘŞŦŬṼẆẊẎẐ"
)


def pseudo(text: str) -> str:
    """Return `text` between ⟦ and ⟧ in accented letters, its placeholders and tags untouched."""
    kept = re.compile(f"({PLACEHOLDER.pattern}|{TAG.pattern})")
    parts = kept.split(text)
    return "⟦" + "".join(part if i % 2 else part.translate(ACCENTED) for i, part in enumerate(parts)) + "⟧"


def foreign_texts() -> Iterator[Message]:
    """Yield the texts that Django and allauth bring: people read them on our pages too."""
    import allauth
    import django

    roots = (Path(django.__file__).parent, Path(allauth.__file__).parent)
    for path in sorted(path for root in roots for path in root.rglob("en/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            yield from filter(first_text, read_po(file))


def write_pseudo(folder: Path, code: str = "eo") -> None:
    """Write a catalogue under `folder` for the language `code`; put `folder` into LOCALE_PATHS to see it."""
    catalogue = Catalog(locale=code, charset="utf-8")
    for message in [*foreign_texts(), *filter(first_text, gathered())]:
        string = tuple(map(pseudo, message.id)) if isinstance(message.id, tuple) else pseudo(str(message.id))
        catalogue.add(message.id, string, context=message.context)
    path = folder / code / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=110)
    compile_catalogue(catalogue, path.with_suffix(".mo"))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m carnet.base.translations")
    choice = parser.add_mutually_exclusive_group(required=True)
    choice.add_argument("--update", action="store_true")
    choice.add_argument("--check", action="store_true")
    choice.add_argument("--pseudo", type=Path, metavar="DIR")
    options = parser.parse_args(arguments)
    from django.conf import settings

    if not settings.configured:  # templatize asks for the charset of files, and nothing else
        settings.configure()
    if options.update:
        update()
    elif options.pseudo:
        write_pseudo(options.pseudo)
    else:
        found = list(problems())
        print("\n".join(found) or f"{sum(1 for m in read('fr') if m.id)} texts, complete in French and English.")
        return bool(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
