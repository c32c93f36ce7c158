"""Maison Nette: cleaning and repairs around Lyon, at the customer's; a repair asks a job sheet."""

from carnet.catalogue.details import AddOnDetails
from carnet.catalogue.models import Place
from carnet.customisation.actions import NewField
from carnet.customisation.models import Field
from carnet.demo.content.names import FRENCH_LAST_NAMES, FRENCH_MEN, FRENCH_WOMEN
from carnet.demo.plans import Clientele, Person, Plan, Sold, every_day
from carnet.organisations.permissions import ADMINISTRATOR, FRONT_DESK, PROVIDER

SANDRINE, CAMILLE = "Sandrine Vial", "Camille Aubry"
FATIMA, PAULO, NADEGE, BRUNO, IDRISS = "Fatima Zerrouki", "Paulo Teixeira", "Nadège Combe", "Bruno Chazal", "Idriss Bâ"
CLEANERS, REPAIRERS = (FATIMA, PAULO, NADEGE), (BRUNO, IDRISS)
REPAIR = "Réparation"
#: What a repair asks besides: the parts with their prices, what was checked, and the warranty if there is one.
REPAIR_FIELDS = (
    {
        "type": "lines",
        "name": "n1",
        "label": {"fr": "Pièces de rechange utilisées", "en": "Spare parts used"},
        "columns": [
            {"type": "text", "label": {"fr": "Référence", "en": "Reference"}},
            {"type": "number", "label": {"fr": "Quantité", "en": "Quantity"}},
            {"type": "money", "label": {"fr": "Prix unitaire", "en": "Unit price"}},
            {"type": "total", "label": {"fr": "Montant", "en": "Amount"}, "decimals": 2, "rule": "c2 * c3"},
        ],
    },
    {
        "type": "total",
        "label": {"fr": "Total des pièces", "en": "Total of the parts"},
        "decimals": 2,
        "rule": "sum(n1.c2 * n1.c3)",
    },
    {
        "type": "checklist",
        "label": {"fr": "Contrôles", "en": "Checks"},
        "choices": [
            {"label": {"fr": "Essai d’un cycle complet", "en": "A whole cycle tried"}},
            {"label": {"fr": "Aucune fuite", "en": "No leak"}},
            {"label": {"fr": "Plan de travail nettoyé", "en": "Worktop cleaned"}},
        ],
    },
    {"type": "checkbox", "name": "n2", "label": {"fr": "Sous garantie", "en": "Under warranty"}},
    {
        "type": "date",
        "label": {"fr": "Date d’expiration de la garantie", "en": "End of the warranty"},
        "shown_if": "n2",
    },
    {"type": "image", "label": {"fr": "Photo de la plaque signalétique", "en": "Photo of the type plate"}},
    {"type": "signature", "label": {"fr": "Signature du client", "en": "Customer’s signature"}},
)
DAYTIME = every_day(range(5), ("8:00", "12:00"), ("13:00", "17:00"))
AT_HOME, REDUCED, FULL = Place.CUSTOMER, ("TVA 10 %",), ("TVA 20 %",)
INSIDES = (AddOnDetails("Intérieur du réfrigérateur", 30, 1500), AddOnDetails("Intérieur du four", 30, 1900))

MAISON_NETTE = Plan(
    slug="maison-nette",
    name="Maison Nette",
    country="FR",
    zone="Europe/Paris",
    currency="EUR",
    street="42 rue de la Villette",
    postcode="69003",
    city="Lyon",
    phone="+33 4 65 71 42 42",
    hours={**every_day(range(5), ("7:30", "19:00")), 5: ((8 * 60, 13 * 60),)},
    taxes=(("TVA 20 %", 20_000), ("TVA 10 %", 10_000)),
    people=(
        Person(SANDRINE, ADMINISTRATOR, "sandrine.vial@maison-nette.example"),
        # Answers the telephone of both businesses.
        Person(CAMILLE, FRONT_DESK, "camille.aubry@salon-lumiere.example"),
        Person(FATIMA, PROVIDER, "fatima.zerrouki@maison-nette.example", DAYTIME, phone="06 39 98 41 01"),
        Person(PAULO, PROVIDER, "paulo.teixeira@maison-nette.example", DAYTIME, phone="06 39 98 41 02"),
        Person(
            NADEGE,
            PROVIDER,
            "nadege.combe@maison-nette.example",
            every_day((0, 1, 3, 4), ("8:30", "12:30"), ("13:30", "18:30")),
            phone="06 39 98 41 03",
            away=(6, 8, "Formation"),
        ),
        Person(
            BRUNO,
            PROVIDER,
            "bruno.chazal@maison-nette.example",
            {**every_day(range(5), ("8:00", "12:00"), ("13:30", "17:30")), 5: ((8 * 60, 13 * 60),)},
            phone="06 39 98 41 04",
        ),
        Person(
            IDRISS,
            PROVIDER,
            "idriss.ba@maison-nette.example",
            every_day(range(5), ("9:30", "13:00"), ("14:00", "19:00")),
            phone="06 39 98 41 05",
        ),
    ),
    services=(
        Sold("Ménage régulier", 120, 5600, CLEANERS, "Ménage", "Sols, sanitaires, cuisine et poussières.", shortest=90,
             longest=240, place=AT_HOME, after=15, hue=0, weight=9, taxes=REDUCED,
             tags=("Chaque semaine",), add_ons=INSIDES,
             by_length={90: 4200, 120: 5600, 180: 8200, 240: 10800}, motif="bucket"),
        Sold("Grand ménage", 240, 13200, CLEANERS, "Ménage", "Du sol au plafond, une fois par saison.", shortest=180,
             longest=360, place=AT_HOME, after=30, hue=1, weight=2, taxes=REDUCED,
             tags=("Saison",), motif="broom"),
        Sold("Vitres", 90, 6900, CLEANERS, "Ménage", "Vitres, cadres et appuis, des deux côtés.", shortest=60,
             longest=180, place=AT_HOME, after=15, hue=2, weight=4, taxes=REDUCED,
             tags=("Saison",), motif="window"),
        Sold("Repassage", 90, 3900, (FATIMA, NADEGE), "Ménage", "Une panière d’environ cinq kilos.", shortest=60,
             longest=150, place=AT_HOME, after=15, hue=3, weight=4, taxes=REDUCED,
             tags=("Chaque semaine",), motif="iron"),
        Sold("Ménage de fin de bail", 300, 21900, (PAULO, NADEGE), "Ménage", "Avant l’état des lieux ; four compris.",
             shortest=240, longest=420, place=AT_HOME, after=30, hue=1, weight=1, taxes=REDUCED,
             tags=("Déménagement",), motif="key"),
        Sold("Nettoyage de canapé", 90, 8900, (PAULO,), "Ménage", "Injection et extraction, tissu ou velours.",
             place=AT_HOME, after=15, hue=4, weight=2, taxes=FULL, outage="Machine en réparation",
             motif="sofa"),
        Sold("Dépannage électroménager", 75, 7900, REPAIRERS, "Réparation", "Diagnostic compris ; pièces en plus.",
             shortest=60, longest=120, place=AT_HOME, before=15, after=15, hue=5, weight=8, taxes=REDUCED,
             asks_job_sheet=True, sheet=REPAIR,
             tags=("Urgence",), add_ons=(AddOnDetails("Second appareil", 30, 3500),), motif="wrench"),
        Sold("Petite plomberie", 60, 8500, REPAIRERS, "Réparation", "Fuite, joint, mécanisme de chasse d’eau.",
             shortest=45, longest=120, place=AT_HOME, before=15, after=15, hue=6, weight=5, taxes=REDUCED,
             asks_job_sheet=True, sheet=REPAIR,
             tags=("Urgence",), motif="tap"),
        Sold("Réglage de portes et fenêtres", 60, 6200, (BRUNO,), "Réparation", "Gonds, serrures, volets.",
             place=AT_HOME, before=15, after=15, hue=7, weight=3, taxes=REDUCED, asks_job_sheet=True, sheet=REPAIR,
             motif="key"),
        Sold("Entretien de chaudière", 90, 12900, (IDRISS,), "Réparation", "Visite annuelle, attestation remise.",
             place=AT_HOME, before=15, after=15, hue=5, weight=4, taxes=("TVA 10 %",), asks_job_sheet=True,
             sheet=REPAIR, tags=("Saison",), motif="flame", planned_outage=(16, 17, "Formation gaz d’Idriss")),
    ),
    job_sheet_fields=(
        NewField(Field.Type.TEXT, {"fr": "Numéro de modèle", "en": "Model number"}),
        NewField(Field.Type.TEXT, {"fr": "Numéro de série", "en": "Serial number"}, required=True),
        NewField(Field.Type.PARAGRAPH, {"fr": "Pièces de rechange utilisées", "en": "Spare parts used"}),
    ),
    sheet_layouts={REPAIR: REPAIR_FIELDS},
    job_sheet_words={
        "work_done": (
            "Remplacement de la pompe de vidange, essai d’un cycle complet.",
            "Joint changé, pression contrôlée, aucune fuite.",
            "Nettoyage du filtre et de la turbine, explications données.",
            "Réglage des gonds et graissage de la serrure.",
            "Remplacement du thermostat, température vérifiée.",
        ),
        "Numéro de modèle": ("WAT-2841", "LV 60 E", "SM-7 Blanc", "FR 340 NF", "CH-24 Confort"),
        "Numéro de série": ("0417-88231", "FD 9806 00412", "7C41A093", "2023-11-5582", "B 700 416 229"),
        "Pièces de rechange utilisées": (
            [],
            [{"c1": "Pompe 30 W", "c2": 1, "c3": 42.5}],
            [{"c1": "Joint 15/21", "c2": 2, "c3": 1.8}, {"c1": "Flexible 50 cm", "c2": 1, "c3": 9.9}],
            [{"c1": "Thermostat 190 °C", "c2": 1, "c3": 27.0}],
            [{"c1": "Charnière droite", "c2": 2, "c3": 14.2}],
        ),
        "Contrôles": ([1, 2, 3], [1, 2, 3], [1, 2], [1]),
        "remarks": ("", "", "Appareil ancien, prévoir son remplacement.", "Le client garde l’ancienne pièce."),
    },
    clientele=Clientele(
        count=310,
        women=FRENCH_WOMEN,
        men=FRENCH_MEN,
        last_names=FRENCH_LAST_NAMES,
        notable=(
            "Syndic Les Glycines",
            "Café du Pont Morand",
            "Cabinet dentaire Brémond & Associés",
            "Élise et Marc Guérin-Lachaume",
            "Mme Veuve Thévenet",
            "Kwabena Owusu-Ansah",
            "José María Íñiguez",
        ),
        streets=(
            "rue Garibaldi", "cours Lafayette", "rue Paul-Bert", "avenue des Frères-Lumière", "montée de la Boucle",
            "rue Moncey", "quai Saint-Vincent", "rue de Créqui", "place Guichard", "rue des Tables-Claudiennes",
            "chemin de Montauban", "rue Dugas-Montbel", "grande rue de la Guillotière", "rue du Bœuf",
        ),
        towns=(
            ("69003", "Lyon"), ("69001", "Lyon"), ("69004", "Lyon"), ("69006", "Lyon"), ("69007", "Lyon"),
            ("69100", "Villeurbanne"), ("69300", "Caluire-et-Cuire"), ("69500", "Bron"),
        ),
        phones=("063998####", "063998####", "046571####"),
        prefix="33",
        notes=(
            "Produits sans parfum seulement (allergie).",
            "Chat craintif : garder la porte du salon fermée.",
            "Facture au nom du syndic.",
            "Clé chez la gardienne, loge à droite.",
            "Appeler dix minutes avant d’arriver.",
            "Stationnement difficile, venir par l’arrière.",
            "Parquet ciré : pas de machine à vapeur.",
        ),
        access_notes=(
            "Code 4521, 3ᵉ gauche", "Interphone Guérin, 2ᵉ étage", "Digicode A72B, escalier du fond",
            "Portail vert, sonner deux fois", "Clé dans le boîtier, code 1908", "", "",
        ),
        plans=("Contrat hebdomadaire", "Contrat d’entretien", "Carnet de dix heures"),
    ),
)  # fmt: skip
