"""The words that the seed document names, as they must stand on the screen: English in the code -> French."""

from __future__ import annotations

from typing import Final

FRENCH: Final = {
    "Set-up": "Configuration",
    "Customisation": "Personnalisation",
    "Modules and fields": "Modules et champs",
    "General": "Général",
    "Business hours": "Heures d’ouverture",
    "More": "Plus",
    "Services": "Services",
    "Switch Services on": "Activer Services",
    "Switch the module on": "Activer le module",
    "Get started": "Démarrer",
    "Module permission": "Autorisation de module",
    "Save": "Enregistrer",
    "Preferences": "Préférences",
    "Job sheet": "Feuille de travail",
    "Yes, I want to use job sheets in my organisation": (
        "Oui, je souhaite utiliser la feuille de travail dans mon organisation"
    ),
    "No, I do not want to use job sheets in my organisation": (
        "Non, je ne souhaite pas utiliser la feuille de travail dans mon organisation"
    ),
    "Business address": "Adresse professionnelle",
    "Calendar": "Agenda",
}
