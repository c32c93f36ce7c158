"""A mark in each text that one organisation holds, and where marks come to light."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from django.apps import apps
from django.core import mail
from django.db.models import CharField, Field, JSONField, Model, TextField
from django.http import HttpResponse
from django.http.response import HttpResponseBase

from carnet.base.scopes import Tenant
from carnet.organisations.models import Organisation, User

#: What every mark begins with: letters that no key, token or word of the product has by chance.
MARK = "qxzjvk"
#: A shorter column holds codes, and no words.
LONG_ENOUGH = 20
#: Codes of the organisation itself, by which requests to it are led: their like stands in the other one, too.
CODES = {"slug", "zone", "languages"}


def tenant_tables() -> list[type[Model]]:
    """Return every table of the product whose rows belong to an organisation, its own row first."""
    tables = [model for model in apps.get_models() if issubclass(model, Tenant) and model._meta.app_label != "demo"]
    return [Organisation, *tables]


def rows_of(model: type[Model], organisation: Organisation) -> Iterator[Model]:
    lookup = {"pk": organisation.pk} if model is Organisation else {"organisation": organisation}
    yield from model._base_manager.filter(**lookup)


def texts(model: type[Model]) -> list[Field[Any, Any]]:
    """Return the columns of a table that can hold a mark."""
    found: list[Field[Any, Any]] = []
    for field in model._meta.concrete_fields:
        is_text = isinstance(field, CharField | TextField) and (field.max_length or 999) >= LONG_ENOUGH
        if (is_text or isinstance(field, JSONField)) and not (model is Organisation and field.name in CODES):
            found.append(field)
    return found


def mark_everything(organisation: Organisation) -> set[str]:
    """Put a mark into each text of each row of an organisation, and return the names of the columns that hold one."""
    marked = set()
    for number, model in enumerate(tenant_tables()):
        for column, field in enumerate(texts(model)):
            for row in rows_of(model, organisation):
                # Unique in its row too: many names may be there only once.
                mark = f"{MARK}{number:x}.{column:x}.{row.pk:x}"
                kept = getattr(row, field.attname)
                value = _marked(kept, mark) if isinstance(field, JSONField) else mark
                if value != kept:
                    type(row)._base_manager.filter(pk=row.pk).update(**{field.attname: value})
                    marked.add(f"{model.__name__}.{field.name}")
    members = User.objects.filter(memberships__organisation=organisation)
    for user in members:
        User.objects.filter(pk=user.pk).update(email=f"{MARK}{user.pk}@mail.example")
    return marked


def _marked(value: Any, mark: str) -> Any:
    """Return a JSON value with the mark in place of each text in it."""
    if isinstance(value, dict):
        return {key: _marked(inner, mark) for key, inner in value.items()}
    if isinstance(value, list):
        return [_marked(inner, mark) for inner in value]
    return mark if isinstance(value, str) else value


def told(answer: HttpResponseBase) -> str:
    """Return all that an answer says: what stands in it, in its headers and cookies, and where it leads."""
    if answer.streaming:
        body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    else:
        assert isinstance(answer, HttpResponse)
        body = answer.content
    return body.decode("utf-8", "replace") + unquote(f"{[*answer.items()]} {answer.cookies}")


def letters() -> str:
    """Return what has been sent by mail."""
    return "".join(f"{one.message().as_string()} {one.body} {one.to}" for one in mail.outbox)


def kept_by(organisation: Organisation) -> Iterator[str]:
    """Yield the columns of an organisation in which a mark has come to lie."""
    for model in tenant_tables():
        for field in model._meta.concrete_fields:
            for row in rows_of(model, organisation):
                if MARK in repr(getattr(row, field.attname)).lower():
                    yield f"{model.__name__}.{field.name}"
