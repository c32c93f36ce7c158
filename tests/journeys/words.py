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
    "+ Service": "+ Service",
    "Edit": "Modifier",
    "Clone": "Cloner",
    "Clone service": "Service de clonage",
    "Service image": "Image de service",
    "Service information": "Informations sur le service",
    "Availability information": "Informations sur la disponibilité",
    "Price information": "Informations sur les prix",
    "Job sheet information": "Informations sur la feuille de travail",
    "Description information": "Informations de description",
    "Service name": "Nom du service",
    "Service owner": "Propriétaire du service",
    "Available duration": "Durée disponible",
    "Service members": "Membres du service",
    "Service location": "Lieu du service",
    "Available": "Disponible",
    "Not in use": "Non utilisé",
    "Mark as temporarily unavailable": "Marquer comme temporairement indisponible",
    "For the rest of the day": "Pour le reste de la journée",
    "Until tomorrow": "Jusqu’au lendemain",
    "Until the end of the week": "Jusqu’à la fin de la semaine",
    "Until the end of the month": "Jusqu’à la fin du mois",
    "Until a specific date": "Jusqu’à une date spécifique",
    "Mark as not in use": "Marquer comme non utilisé",
    "Yes, mark as not in use": "Oui, Marquer comme non utilisé",
    "Mark as available": "Marquer comme disponible",
    "Standard layout": "Disposition standard",
    "New fields": "Nouveaux champs",
    "Edit properties": "Modifier les propriétés",
    "Job sheet layout": "Disposition de la feuille de travail",
    "Edit the layout": "Modifier la disposition",
}
