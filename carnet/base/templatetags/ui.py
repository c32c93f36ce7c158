"""The components of the screen as template tags; each draws one file of templates/c/, where its parameters stand.

Further keywords become HTML attributes: `hx_post=url` is hx-post, `hx_target__inherited="#day"` is
hx-target:inherited, `class_="…"` is class; True stands alone, False and None are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms, template
from django.forms.boundfield import BoundField
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from carnet.base.assets import asset_url
from carnet.base.money import money_text, rate_text

register = template.Library()

#: State of a visit or a service -> its icon and its words.
STATES: Final[dict[str, tuple[str, Any]]] = {
    "requested": ("hourglass", _("Requested")),
    "scheduled": ("calendar", _("Scheduled")),
    "in_progress": ("play", _("In progress")),
    "completed": ("check", _("Completed")),
    "cancelled": ("x", _("Cancelled")),
    "no_show": ("user-x", _("No-show")),
    "to_close": ("clipboard-check", _("To close")),
    "available": ("check", _("Available")),
    "unavailable": ("clock", _("Temporarily unavailable")),
    "not_in_use": ("ban", _("Not in use")),
    "upcoming": ("calendar-plus", _("Upcoming")),
    "ended": ("x", _("Ended")),
}
NOTICE_ICONS: Final = {
    "info": "info",
    "success": "circle-check",
    "warning": "triangle-alert",
    "danger": "circle-alert",
}


def attributes(given: Mapping[str, Any]) -> SafeString:
    """Return `given` as HTML attributes, each with a space before it."""
    pairs = []
    for key, value in given.items():
        name = key.rstrip("_").replace("__", ":").replace("_", "-")
        if value is True:
            pairs.append((mark_safe(name), mark_safe("")))
        elif value is not False and value is not None:
            pairs.append((mark_safe(name), format_html('="{}"', value)))
    return format_html_join("", " {}{}", pairs)


def draw(component: str, context: Mapping[str, Any]) -> SafeString:
    return mark_safe(render_to_string(f"c/{component}.html", dict(context)).strip())


@register.simple_tag
def asset(name: str) -> str:
    """The address of a file made by the build: {% asset "app.css" %}."""
    return asset_url(name)


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """An icon; without a label it is decoration and is not read aloud."""
    return format_html(
        '<svg class="icon"{}{}><use href="{}#{}"/></svg>',
        format_html(' data-size="{}"', size) if size else "",
        format_html(' role="img" aria-label="{}"', label) if label else mark_safe(' aria-hidden="true"'),
        asset_url("icons.svg"),
        name,
    )


@register.simple_block_tag
def button(
    content: str,
    *,
    variant: str = "",
    size: str = "",
    icon: str = "",
    label: str = "",
    type: str = "submit",
    **extra: Any,
) -> SafeString:
    return _pressable("button", content, variant, size, icon, label, {"type": type, **extra})


@register.simple_block_tag
def link_button(
    content: str, *, href: str, variant: str = "", size: str = "", icon: str = "", label: str = "", **extra: Any
) -> SafeString:
    return _pressable("link_button", content, variant, size, icon, label, {"href": href, **extra})


def _pressable(
    component: str, content: str, variant: str, size: str, icon: str, label: str, extra: dict[str, Any]
) -> SafeString:
    content = mark_safe(content.strip())
    shown = {"data_variant": variant or None, "data_size": size or None, "data_icon_only": not content}
    if label and not content:
        shown |= {"aria_label": label, "title": label}
    return draw(component, {"content": content, "icon": icon, "attributes": attributes(shown | extra)})


@register.simple_block_tag
def menu(
    content: str,
    *,
    label: str,
    icon: str = "ellipsis",
    align: str = "start",
    side: str = "bottom",
    variant: str = "quiet",
    size: str = "",
    hide_label: bool = False,
) -> SafeString:
    return draw(
        "menu",
        {
            "content": content,
            "label": label,
            "icon": icon,
            "align": align,
            "side": side,
            "variant": variant,
            "size": size,
            "hide_label": hide_label,
        },
    )


@register.simple_block_tag(takes_context=True)
def menu_item(
    context: Context,
    content: str,
    *,
    href: str = "",
    action: str = "",
    icon: str = "",
    danger: bool = False,
    current: bool = False,
    **extra: Any,
) -> SafeString:
    return draw(
        "menu_item",
        {
            "content": mark_safe(content.strip()),
            "href": href,
            "action": action,
            "icon": icon,
            "csrf_token": context.get("csrf_token"),
            "attributes": attributes({"data_danger": danger, "aria_current": "true" if current else None, **extra}),
        },
    )


@register.simple_block_tag
def sheet(content: str, *, title: str, close: str = "", kicker: str = "", id: str = "panel") -> SafeString:
    return draw("sheet", {"content": content, "title": title, "close": close, "kicker": kicker, "id": id})


@register.simple_block_tag
def sheet_footer(content: str) -> SafeString:
    return format_html('<footer class="sheet-footer">{}</footer>', mark_safe(content))


@register.simple_block_tag
def dialog(content: str, *, title: str, id: str = "dialog", close: str = "") -> SafeString:
    return draw("dialog", {"content": content, "title": title, "id": id, "close": close})


@register.simple_block_tag
def notice(content: str, *, kind: str = "info", title: str = "", refusal: bool = False) -> SafeString:
    return draw(
        "notice",
        {"content": content, "kind": kind, "title": title, "refusal": refusal, "icon": NOTICE_ICONS[kind]},
    )


@register.simple_block_tag(takes_context=True)
def toast(
    context: Context,
    content: str,
    *,
    undo: str = "",
    version: int | None = None,
    kind: str = "",
    stays: bool = False,
) -> SafeString:
    return draw(
        "toast",
        {
            "content": mark_safe(content.strip()),
            "undo": undo,
            "version": version,
            "kind": kind,
            "stays": stays or bool(undo),
            "csrf_token": context.get("csrf_token"),
        },
    )


@register.simple_block_tag
def page_header(content: str, *, title: str, kicker: str = "", kicker_href: str = "") -> SafeString:
    return draw(
        "page_header",
        {"content": mark_safe(content.strip()), "title": title, "kicker": kicker, "kicker_href": kicker_href},
    )


@register.simple_block_tag
def empty_state(content: str, *, title: str, icon: str = "calendar") -> SafeString:
    return draw("empty_state", {"content": content, "title": title, "icon": icon})


@register.simple_tag
def badge(state: str, label: str = "") -> SafeString:
    """The state of a visit or a service; `label` replaces its words ("Temporarily unavailable until …")."""
    icon_name, words = STATES[state]
    return draw("badge", {"state": state, "icon": icon_name, "label": label or words})


@register.simple_tag
def state_icon(state: str) -> SafeString:
    """The icon of a state, with its words for who cannot see it."""
    icon_name, words = STATES[state]
    return icon(icon_name, label=str(words))


@register.filter
def state_words(state: str) -> str:
    return str(STATES[state][1])


@register.filter
def initials(name: str) -> str:
    """Return at most two letters of a name: the first of the first and of the last word."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalnum()]
    letters = [word[0] for word in (words[:1] + words[1:][-1:])]
    return "".join(letters).upper() or "?"


@register.filter
def money(amount: int, currency: str) -> str:
    """Return an amount of minor units as people write it: {{ visit.total|money:visit.currency }}."""
    return money_text(amount, currency)


@register.filter
def rate(thousandths: int) -> str:
    """Return a rate in 1/1000 % as people write it."""
    return rate_text(thousandths)


@register.filter
def minutes(duration: int) -> str:
    """Return a duration in minutes as people say it: 45 min, 1 h, 1 h 30, 1 day and so on."""
    hours, rest = divmod(int(duration), 60)
    if not hours:
        return ngettext("%(count)s min", "%(count)s min", rest) % {"count": rest}
    if not rest:
        return ngettext("%(count)s h", "%(count)s h", hours) % {"count": hours}
    return f"{hours}\u00a0h\u00a0{rest:02}"


@register.filter
def widget_kind(field: BoundField) -> str:
    """Return how c/field.html draws this field: input, select, textarea, checkbox, radios, checkboxes or hidden."""
    widget = field.field.widget
    kinds: tuple[tuple[type[forms.Widget], str], ...] = (
        (forms.HiddenInput, "hidden"),
        (forms.CheckboxSelectMultiple, "checkboxes"),
        (forms.RadioSelect, "radios"),
        (forms.SelectMultiple, "input"),
        (forms.Select, "select"),
        (forms.Textarea, "textarea"),
        (forms.CheckboxInput, "checkbox"),
    )
    return next((kind for type_, kind in kinds if isinstance(widget, type_)), "input")


@register.filter
def as_text(field: BoundField) -> str:
    """Return what a bound field says, as text: for who may read it and not edit it."""
    value = field.value()
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    choices = dict(getattr(field.field, "choices", ()))
    values = value if isinstance(value, list | tuple) else [value]
    told = [str(choices.get(one, one)) for one in values if one not in (None, "")]
    return ", ".join(told) or "–"
