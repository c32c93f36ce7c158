"""Forms for who may not edit, or not even see, every field: what is hidden is not there, what is read-only is text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.forms import Form

from carnet.organisations.access import Access


def leave_editable(access: Access, module: str, form: Form, names: Mapping[str, str]) -> None:
    """Take what is hidden out of a form, and let what is read-only be read; `names` says of which field each is."""
    for name, key in names.items():
        if name not in form.fields or access.may_edit_field(module, key):
            continue
        if access.may_read_field(module, key):
            form.fields[name].disabled = True
        else:
            del form.fields[name]


def drop_disabled(form: Form) -> None:
    """Take out of a form what would only be read: of what is being added, nothing is there to read."""
    for name in [name for name, field in form.fields.items() if field.disabled]:
        del form.fields[name]


def require_named(access: Access, module: str, sent: Iterable[str], names: Mapping[str, str]) -> None:
    """Raise FieldRefused if a posted form names a field that may not be edited, whatever the form would make of it."""
    access.require_fields(module, [names[name] for name in sent if name in names])
