"""Jardins Boréal: landscaping north of Montréal, priced before tax, in two languages; visits last from 3 h to 6 h."""

from carnet.catalogue.details import AddOnDetails
from carnet.catalogue.models import Place
from carnet.customisation.actions import NewField
from carnet.customisation.models import Field
from carnet.demo.content.names import QUEBEC_LAST_NAMES, QUEBEC_MEN, QUEBEC_WOMEN
from carnet.demo.plans import Clientele, Person, Plan, Sold, every_day
from carnet.organisations.permissions import ADMINISTRATOR, FRONT_DESK, PROVIDER

GENEVIEVE, MARTIN = "Geneviève Lamontagne", "Martin Sinclair"
OLIVIER, MAUDE, JACOB = "Olivier Bérubé", "Maude Gagnon", "Jacob Awashish"
EMILY, TOMMY = "Emily Harper", "Tommy Lessard"
CREW = (OLIVIER, MAUDE, JACOB, EMILY, TOMMY)
AT_HOME, QST = Place.CUSTOMER, ("TPS 5 %", "TVQ 9,975 %")
FOUR_LONG_DAYS = every_day((0, 1, 2, 3), ("7:00", "17:30"))

JARDINS_BOREAL = Plan(
    slug="jardins-boreal",
    name="Jardins Boréal",
    country="CA",
    region="QC",
    zone="America/Toronto",
    currency="CAD",
    street="855, chemin du Lac-Écho",
    postcode="J0R 1S0",
    city="Prévost",
    phone="+1 450 555 0155",
    first_weekday=6,
    prices_include_tax=False,
    languages=("fr", "en"),
    hours=every_day(range(6), ("7:00", "18:00")),
    taxes=(("TPS 5 %", 5_000), ("TVQ 9,975 %", 9_975)),
    people=(
        Person(GENEVIEVE, ADMINISTRATOR, "genevieve.lamontagne@jardins-boreal.example", language="fr"),
        Person(MARTIN, FRONT_DESK, "martin.sinclair@jardins-boreal.example", language="en"),
        Person(OLIVIER, PROVIDER, "olivier.berube@jardins-boreal.example", FOUR_LONG_DAYS, phone="450-555-0101"),
        Person(MAUDE, PROVIDER, "maude.gagnon@jardins-boreal.example", FOUR_LONG_DAYS, phone="450-555-0102"),
        Person(
            JACOB,
            PROVIDER,
            "jacob.awashish@jardins-boreal.example",
            every_day((1, 2, 3, 4), ("7:30", "18:00")),
            phone="450-555-0103",
        ),
        Person(
            EMILY,
            PROVIDER,
            "emily.harper@jardins-boreal.example",
            every_day((2, 3, 4, 5), ("7:00", "17:30")),
            language="en",
            phone="450-555-0104",
        ),
        Person(
            TOMMY,
            PROVIDER,
            "tommy.lessard@jardins-boreal.example",
            every_day((0, 1, 4, 5), ("7:00", "17:30")),
            phone="450-555-0105",
            away=(14, 18, "Vacances"),
        ),
    ),
    services=(
        Sold("Aménagement paysager", 240, 9500, CREW, "Jardin", "Beds, shrubs and paths, from 3 h to 6 h.",
             shortest=180, longest=360, place=AT_HOME, after=30, hue=0, weight=7, taxes=QST,
             hourly=True, tags=("Été",), add_ons=(AddOnDetails("Terreau et paillis", 30, 9500),), motif="leaf"),
        Sold("Taille de haies", 180, 24500, CREW, "Jardin", "Hedges cut and clippings taken away.", shortest=120,
             longest=300, place=AT_HOME, after=30, hue=1, weight=6, taxes=QST,
             tags=("Été",), motif="hedge"),
        Sold("Émondage", 240, 52000, (OLIVIER, JACOB), "Arbres", "Pruning by a certified arborist.", shortest=180,
             longest=360, place=AT_HOME, before=15, after=30, hue=2, weight=3, taxes=QST,
             tags=("Toute l’année",), with_whom={OLIVIER: 58000}, motif="tree"),
        Sold("Essouchage", 180, 31000, (JACOB, TOMMY), "Arbres", "Stump grinding, up to three stumps.", place=AT_HOME,
             before=15, after=30, hue=3, weight=2, taxes=QST, outage="Dessoucheuse à l’atelier",
             motif="stump"),
        Sold("Pose de tourbe", 300, 45500, (OLIVIER, MAUDE, EMILY), "Jardin", "Levelling and turf, up to 60 m².",
             shortest=180, longest=360, place=AT_HOME, after=30, hue=4, weight=2, taxes=QST,
             tags=("Été",), motif="leaf"),
        Sold("Muret et pavé", 360, 69000, (MAUDE, TOMMY), "Construction", "Low walls and paving, by the day.",
             shortest=240, longest=480, place=AT_HOME, after=30, hue=5, weight=2, taxes=QST,
             motif="bricks"),
        Sold("Visite et estimation", 60, 0, (MAUDE, EMILY), "Conseil", "We come, look, measure and quote.",
             place=AT_HOME, after=15, hue=6, weight=4, taxes=(),
             tags=("Toute l’année",), motif="plan"),
        Sold("Plan de jardin", 120, 32500, (EMILY,), "Conseil", "A drawing to scale, at our office or yours.",
             place=Place.BOTH, after=15, hue=6, weight=2, taxes=QST,
             tags=("Toute l’année",), motif="plan"),
        Sold("Fermeture de terrain", 240, 29900, CREW, "Saisons", "Leaves, beds and furniture made ready for winter.",
             shortest=180, longest=360, place=AT_HOME, after=30, hue=7, weight=7, taxes=QST,
             season=((9, 15), (12, 12)),
             tags=("Hiver",), add_ons=(AddOnDetails("Protection des arbustes", 30, 4500),), motif="leaf"),
        Sold("Ouverture de terrain", 240, 29900, CREW, "Saisons", "Spring clean-up, beds opened and edged.",
             shortest=180, longest=360, place=AT_HOME, after=30, hue=7, weight=7, taxes=QST, season=((4, 1), (6, 20)),
             tags=("Été",), motif="leaf"),
        Sold("Déneigement d’entrée", 60, 6900, CREW, "Saisons", "Driveway and steps cleared and salted.",
             place=AT_HOME, after=15, hue=4, weight=6, taxes=QST, season=((11, 1), (4, 15)),
             tags=("Hiver",), motif="snow"),
        Sold("Entretien des pelouses", 120, 14500, CREW, "Jardin", "Mowing, edging and blowing.", shortest=60,
             longest=180, place=AT_HOME, after=15, hue=1, weight=0, taxes=QST, in_use=False,
             tags=("Été",), motif="leaf"),
    ),
    job_sheet_fields=(
        NewField(Field.Type.NUMBER, {"fr": "Sacs de résidus emportés", "en": "Bags of waste taken away"}),
    ),
    job_sheet_words={"work_done": ("Terrain prêt pour la saison.", "Haies taillées, résidus emportés.")},
    clientele=Clientele(
        count=305,
        women=QUEBEC_WOMEN,
        men=QUEBEC_MEN,
        last_names=QUEBEC_LAST_NAMES,
        notable=(
            "Copropriété Le Sommet",
            "Auberge du Lac-Vert",
            "Marie-Ève St-Laurent-Ouellet",
            "Hannah O’Sullivan",
            "Siobhán Ní Bhriain",
            "Jean-Sébastien Côté",
        ),
        streets=(
            "rue Principale", "chemin du Lac-Renaud", "montée Sainte-Thérèse", "rue de la Station", "rue des Érables",
            "chemin de la Rivière", "rue Shaw", "boulevard du Curé-Labelle", "rue du Clos-Fourtet", "rue des Bouleaux",
            "chemin Hill", "avenue des Pins",
        ),
        towns=(
            ("J0R 1T0", "Prévost"), ("J0R 1R2", "Saint-Hippolyte"), ("J8B 1A1", "Sainte-Adèle"),
            ("J7Z 2W4", "Saint-Jérôme"), ("J8C 2Z7", "Sainte-Agathe-des-Monts"), ("J0R 1H0", "Piedmont"),
        ),
        phones=("4505550###", "5145550###", "4385550###", "5795550###"),
        prefix="1",
        notes=(
            "Speaks English; her husband French.",
            "Chien attaché derrière la maison.",
            "Ne pas tailler le lilas avant juillet.",
            "Fosse septique sous la pelouse, côté lac.",
            "Appeler la veille : la barrière est fermée la semaine.",
            "Prefers to be invoiced by e-mail.",
            "Veut garder les copeaux pour ses plates-bandes.",
        ),
        access_notes=(
            "Barrière, code 2580", "Entrée par le chemin du lac", "Stationner dans la rue", "Key under the blue pot",
            "", "", "",
        ),
        plans=("Forfait saison", "Forfait quatre visites", "Plan or"),
        languages=("fr", "fr", "en"),
    ),
)  # fmt: skip
