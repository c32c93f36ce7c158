"""Which layout the job sheets of a service are drawn with, where there is more than one."""

from __future__ import annotations

from django import forms

from carnet.customisation.models import Layout
from carnet.desk.forms.sheet_layouts import called
from carnet.jobsheets.queries import sheet_layouts


def offer_layouts(form: forms.Form, held: Layout | None) -> dict[str, Layout | None]:
    """Let `form` choose among the layouts, by name, and return them; nothing is asked where there is no choice.

    The standard one is "", and None. What is `held` stays, also if it was taken away since.
    """
    if "job_sheet_layout" not in form.fields:
        return {}
    offered = sheet_layouts()
    if held is not None and held not in offered:
        offered.append(held)
    if len(offered) < 2:
        del form.fields["job_sheet_layout"]
        return {}
    field = form.fields["job_sheet_layout"]
    assert isinstance(field, forms.ChoiceField)
    known = {"" if not one.label else one.name: one if one.label else None for one in offered}
    field.choices = [("" if not one.label else one.name, called(one)) for one in offered]
    return known
