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
             asks_job_sheet=True,
             tags=("Urgence",), add_ons=(AddOnDetails("Second appareil", 30, 3500),), motif="wrench"),
        Sold("Petite plomberie", 60, 8500, REPAIRERS, "Réparation", "Fuite, joint, mécanisme de chasse d’eau.",
             shortest=45, longest=120, place=AT_HOME, before=15, after=15, hue=6, weight=5, taxes=REDUCED,
             asks_job_sheet=True,
             tags=("Urgence",), motif="tap"),
        Sold("Réglage de portes et fenêtres", 60, 6200, (BRUNO,), "Réparation", "Gonds, serrures, volets.",
             place=AT_HOME, before=15, after=15, hue=7, weight=3, taxes=REDUCED, asks_job_sheet=True,
             motif="key"),
        Sold("Entretien de chaudière", 90, 12900, (IDRISS,), "Réparation", "Visite annuelle, attestation remise.",
             place=AT_HOME, before=15, after=15, hue=5, weight=4, taxes=("TVA 10 %",), asks_job_sheet=True,
             tags=("Saison",), motif="flame", planned_outage=(16, 17, "Formation gaz d’Idriss")),
    ),
    job_sheet_fields=(
        NewField(Field.Type.TEXT, {"fr": "Numéro de modèle", "en": "Model number"}),
        NewField(Field.Type.TEXT, {"fr": "Numéro de série", "en": "Serial number"}, required=True),
        NewField(Field.Type.PARAGRAPH, {"fr": "Pièces de rechange utilisées", "en": "Spare parts used"}),
    ),
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
        "Pièces de rechange utilisées": ("", "Pompe 30 W", "Joint 15/21", "Thermostat 190 °C", "Charnière droite"),
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
