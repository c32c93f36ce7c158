"""Every component with made-up content, to look at in both modes: /dev/components (DEBUG only)."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from carnet.base.context import NavigationLink
from carnet.base.money import priced
from carnet.base.templatetags.ui import STATES

ROWS_AN_HOUR = 12


class SpecimenForm(forms.Form):
    """One field of every kind, some of them wrong."""

    name = forms.CharField(label="Nom", max_length=80)
    phone = forms.CharField(label="Téléphone", widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"}))
    email = forms.EmailField(label="E-mail", required=False)
    service = forms.ChoiceField(label="Service", choices=[("1", "Coupe et brushing"), ("2", "Coloration")])
    duration = forms.IntegerField(label="Durée disponible", help_text="En minutes, de 5 à 1440.", min_value=5)
    note = forms.CharField(label="Remarques", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    reminder = forms.BooleanField(label="Envoyer un rappel la veille", required=False)
    days = forms.MultipleChoiceField(
        label="Jours",
        choices=[("1", "Lundi"), ("2", "Mardi"), ("3", "Mercredi")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    start = forms.ChoiceField(
        label="Heures libres",
        choices=[(t, t) for t in ("9:00", "9:45", "10:30", "11:15", "14:00", "14:45", "16:30", "17:15")],
        widget=forms.RadioSelect,
    )


@dataclass(frozen=True, slots=True)
class Block:
    """Something on the day's specimen, placed from nine in the morning in rows of five minutes."""

    kind: str
    start: str
    minutes: int
    title: str = ""
    text: str = ""
    state: str = ""
    hue: int = 1

    @property
    def row(self) -> int:
        hour, minute = self.start.split(":")
        return ((int(hour) - 9) * 60 + int(minute)) // 5

    @property
    def rows(self) -> int:
        return self.minutes // 5


def visit(start: str, minutes: int, title: str, text: str, state: str, hue: int) -> Block:
    return Block("visit", start, minutes, title, text, state, hue)


def free(start: str, minutes: int) -> Block:
    return Block("free", start, minutes)


DAY: tuple[tuple[str, str, tuple[Block, ...]], ...] = (
    (
        "Léa Fontaine",
        "9:00–18:00",
        (
            visit("9:00", 45, "Hélène Marchand", "Coupe et brushing", "completed", 1),
            free("9:45", 45),
            visit("10:30", 90, "Amélie Rousseau", "Coloration, racines", "in_progress", 7),
            Block("closed", "12:00", 60, "Pause"),
            visit("13:00", 30, "Client de passage", "Coupe", "scheduled", 1),
            free("13:30", 90),
            visit("15:00", 120, "Noémie Lefèvre", "Mèches", "scheduled", 3),
            free("17:00", 60),
            Block("closed", "18:00", 60),
        ),
    ),
    (
        "Marc Oliveira",
        "9:30–19:00",
        (
            Block("closed", "9:00", 30),
            visit("9:30", 30, "Paul Girard", "Coupe", "to_close", 1),
            visit("10:00", 15, "Yanis Benali", "Barbe", "completed", 5),
            free("10:15", 60),
            visit("11:15", 45, "Sophie Bernard", "Coupe et brushing", "scheduled", 1),
            visit("12:00", 60, "Inès Caron", "Soin profond", "scheduled", 4),
            Block("closed", "13:00", 60, "Pause"),
            visit("14:00", 90, "Mathilde Perrin-Duval", "Coloration", "scheduled", 7),
            visit("15:30", 30, "Lucas Morel", "Coupe", "no_show", 1),
            free("16:00", 180),
        ),
    ),
    (
        "Awa Diallo",
        "9:00–17:00",
        (
            free("9:00", 120),
            visit("11:00", 60, "Occupé", "", "busy", 1),
            visit("12:00", 45, "Chloé Martin", "Brushing", "scheduled", 6),
            Block("closed", "12:45", 45, "Pause"),
            visit("13:30", 150, "Gabrielle d’Estaing", "Coiffure de mariée", "requested", 8),
            free("16:00", 60),
            Block("closed", "17:00", 120),
        ),
    ),
    ("Tom Nguyen", "absent", (Block("closed", "9:00", 600, "Congés jusqu’au vendredi 27 novembre inclus"),)),
)


def specimens() -> dict[str, Any]:
    wrong = SpecimenForm({"name": "", "phone": "06 12 34", "service": "2", "duration": "3", "start": "10:30"})
    return {
        "form": SpecimenForm(initial={"name": "Hélène Marchand", "service": "1", "duration": 45, "start": "10:30"}),
        "wrong": wrong,
        "states": list(STATES),
        "hues": range(1, 9),
        "price": priced(6_500, [("TVA", 20_000)], currency="EUR", included=True),
        "tabs": [
            {"label": "Visites", "url": "#", "current": True},
            {"label": "Feuilles de travail", "url": "#tabs"},
            {"label": "Historique", "url": "#history"},
        ],
        "hours": [(hour, (hour - 9) * ROWS_AN_HOUR) for hour in range(9, 19)],
        "day": DAY,
        "now_row": 28,
        "starts": [
            {"value": "1", "label": "9:45", "hint": "Léa"},
            {"value": "2", "label": "10:15", "hint": "Marc"},
            {"value": "3", "label": "13:30", "hint": "Léa"},
        ],
        "week": [("lun.", 23, 0), ("mar.", 24, 6), ("mer.", 25, 11), ("jeu.", 26, 3), ("ven.", 27, 0), ("sam.", 28, 8)],
    }


@require_GET
def components(request: HttpRequest) -> HttpResponse:
    return render(request, "dev/components.html", specimens() | {"theme": request.GET.get("theme", "")})


@require_GET
def components_shell(request: HttpRequest) -> HttpResponse:
    """Show the frame itself, with a day and an open sheet."""
    context = specimens() | {
        "theme": request.GET.get("theme", ""),
        "with_sheet": "sheet" in request.GET,
        "organisation": SimpleNamespace(pk=1, name="Salon Lumière", slug="salon-lumiere"),
        "organisations": [
            SimpleNamespace(pk=1, name="Salon Lumière", slug="salon-lumiere"),
            SimpleNamespace(pk=2, name="Maison Nette", slug="maison-nette"),
        ],
        "user": SimpleNamespace(is_authenticated=True, email="anna@lumiere.example"),
        "access": SimpleNamespace(member=SimpleNamespace(name="Anna Keller")),
        "navigation": [
            NavigationLink("Agenda", "calendar-days", "/dev/components/day", True),
            NavigationLink("Clients", "users", "#clients", False),
            NavigationLink("Services", "tag", "#services", False),
        ],
    }
    return render(request, "dev/day.html", context)
