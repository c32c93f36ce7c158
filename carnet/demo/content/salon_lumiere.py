"""Salon Lumière: hairdressing in Paris, at the business; a colour asks a job sheet, its formula is kept."""

from carnet.catalogue.details import AddOnDetails
from carnet.customisation.actions import NewField
from carnet.customisation.models import Field
from carnet.demo.content.names import FRENCH_LAST_NAMES, FRENCH_MEN, FRENCH_WOMEN
from carnet.demo.plans import Clientele, Person, Plan, Sold, every_day
from carnet.organisations.permissions import ADMINISTRATOR, FRONT_DESK, PROVIDER

HELENE, CAMILLE = "Hélène Fontaine", "Camille Aubry"
LEA, MEHDI, JULIETTE, THOMAS, AWA = "Léa Marchetti", "Mehdi Saïdi", "Juliette Roche", "Thomas Kervella", "Awa Sarr"
EARLY = every_day(range(5), ("8:00", "12:00"), ("12:45", "16:15"))
LATE = every_day(range(1, 6), ("11:30", "15:30"), ("16:15", "20:00"))
STYLISTS = (LEA, MEHDI, JULIETTE, THOMAS)
COLOURISTS = (LEA, JULIETTE, AWA)
VAT = ("TVA 20 %",)
CARE = (AddOnDetails("Soin express", 15, 1200), AddOnDetails("Brushing", 30, 2200))

SALON_LUMIERE = Plan(
    slug="salon-lumiere",
    name="Salon Lumière",
    country="FR",
    zone="Europe/Paris",
    currency="EUR",
    street="18 rue des Petits-Carreaux",
    postcode="75002",
    city="Paris",
    phone="+33 1 99 00 18 18",
    hours=every_day(range(6), ("8:00", "20:00")),
    taxes=(("TVA 20 %", 20_000),),
    rooms=("Cabine de soin",),
    people=(
        Person(HELENE, ADMINISTRATOR, "helene.fontaine@salon-lumiere.example"),
        Person(CAMILLE, FRONT_DESK, "camille.aubry@salon-lumiere.example"),
        Person(LEA, PROVIDER, "lea.marchetti@salon-lumiere.example", EARLY, phone="06 39 98 40 01"),
        Person(MEHDI, PROVIDER, "mehdi.saidi@salon-lumiere.example", LATE, phone="06 39 98 40 02"),
        Person(
            JULIETTE,
            PROVIDER,
            "juliette.roche@salon-lumiere.example",
            {
                **every_day((1, 2, 3, 4), ("9:00", "13:00"), ("14:00", "18:00")),
                **every_day((5,), ("8:00", "12:00"), ("12:45", "16:45")),
            },
            phone="06 39 98 40 03",
        ),
        Person(
            THOMAS,
            PROVIDER,
            "thomas.kervella@salon-lumiere.example",
            every_day((0, 2, 3, 4, 5), ("11:00", "15:00"), ("16:00", "20:00")),
            phone="06 39 98 40 04",
            away=(9, 13, "Congés"),
        ),
        Person(
            AWA,
            PROVIDER,
            "awa.sarr@salon-lumiere.example",
            {
                **every_day((0, 1), ("12:00", "16:00"), ("16:30", "20:00")),
                **every_day((3, 4, 5), ("9:30", "13:30"), ("14:00", "17:30")),
            },
            phone="06 39 98 40 05",
        ),
    ),
    services=(
        Sold("Coupe femme", 45, 4800, STYLISTS, "Coupes", "Shampoing, coupe et mise en forme.", hue=0, weight=9,
             whose="women", taxes=VAT, goes_with="Brushing",
             tags=("Femme",), with_whom={LEA: 5600}, add_ons=CARE, motif="scissors"),
        Sold("Coupe homme", 30, 2900, STYLISTS, "Coupes", "Shampoing, coupe aux ciseaux ou à la tondeuse.", hue=1,
             weight=8, whose="men", taxes=VAT, goes_with="Barbe",
             tags=("Homme",), with_whom={THOMAS: 3400}, motif="comb"),
        Sold("Coupe enfant", 30, 2200, STYLISTS, "Coupes", "Jusqu’à douze ans.", hue=2, weight=4, taxes=VAT,
             tags=("Enfant",), motif="scissors"),
        Sold("Frange", 15, 1200, STYLISTS, "Coupes", "Entre deux coupes.", hue=2, weight=2, taxes=VAT,
             tags=("Femme",), motif="comb"),
        Sold("Barbe", 30, 2400, (MEHDI, THOMAS), "Coupes", "Taille, serviette chaude et soin.", hue=3, weight=3,
             whose="men", taxes=VAT,
             tags=("Homme",), motif="razor", planned_outage=(20, 21, "Formation de l’équipe")),
        Sold("Brushing", 30, 3200, (*STYLISTS, AWA), "Coiffage", "Cheveux courts, mi-longs ou longs.", hue=4, weight=5,
             taxes=VAT,
             tags=("Femme",), add_ons=CARE[:1], motif="dryer"),
        Sold("Chignon", 60, 6500, (LEA, JULIETTE), "Coiffage", "Pour un mariage ou une soirée ; un essai est compris.",
             shortest=45, longest=90, hue=4, weight=1, whose="women", taxes=VAT,
             tags=("Mariage", "Femme"), motif="bun"),
        Sold("Couleur", 90, 7900, COLOURISTS, "Couleur", "Racines ou chevelure entière, sans ammoniaque.", after=15,
             hue=5, weight=6, whose="women", taxes=VAT, asks_job_sheet=True, goes_with="Coupe femme",
             tags=("Femme",), with_whom={LEA: 8900},
             add_ons=(*CARE[:1], AddOnDetails("Patine", 15, 1900)), motif="swatches"),
        Sold("Mèches", 120, 11500, COLOURISTS, "Couleur", "Éclaircissement par mèches fines.", shortest=90, longest=150,
             after=15, hue=6, weight=3, whose="women", taxes=VAT, asks_job_sheet=True,
             tags=("Femme",), with_whom={LEA: 12900}, motif="swatches"),
        Sold("Soin profond", 45, 4200, (LEA, AWA), "Soins", "Masque, vapeur et massage, en cabine.", before=5, after=10,
             hue=7, weight=3, taxes=VAT, needs=("Cabine de soin",),
             tags=("Détente",), motif="drop"),
        Sold("Lissage", 150, 18900, (JULIETTE, AWA), "Soins", "Lissage durable à la kératine.", hue=7, weight=2,
             whose="women", taxes=VAT, outage="Produit en rupture chez le fournisseur",
             tags=("Femme",), motif="waves"),
        Sold("Rituel du cuir chevelu", 60, 5900, (LEA, AWA), "Soins", "Bilan, gommage et massage.", hue=7, weight=3,
             taxes=VAT, needs=("Cabine de soin",), starts_next_month=True,
             shortest=30, longest=90, by_length={30: 3900, 60: 5900, 90: 7900}, tags=("Détente",), motif="stones"),
    ),
    job_sheet_fields=(
        NewField(Field.Type.TEXT, {"fr": "Formule", "en": "Formula"}, help={"fr": "Nuances et oxydant"}),
        NewField(Field.Type.NUMBER, {"fr": "Temps de pose (min)", "en": "Processing time (min)"}),
    ),
    job_sheet_words={
        "work_done": (
            "Racines couvertes, longueurs ravivées.",
            "Couleur sur toute la chevelure, rinçage acide.",
            "Mèches fines sur le dessus, patine froide.",
            "Retouche des racines et gloss.",
        ),
        "Formule": ("7.1 + 6.0, 20 vol.", "8.3, 20 vol.", "6.34 + 7.43, 30 vol.", "9.02, 10 vol."),
        "Temps de pose (min)": ("25", "30", "35", "40"),
        "remarks": ("", "", "Cuir chevelu sensible.", "Prévoir un soin la prochaine fois."),
    },
    clientele=Clientele(
        count=320,
        women=FRENCH_WOMEN,
        men=FRENCH_MEN,
        last_names=FRENCH_LAST_NAMES,
        notable=(
            "Jean-François Lefèvre",
            "Élodie N’Diaye",
            "Anne-Sophie de La Rochebaudin-Montreval",
            "Øystein Bjørnstad",
            "Nguyễn Thị Mai",
            "Maëlys Œuvrard",
            "Jiří Dvořák",
            "Zoë Çelik",
            "Ségolène d’Hautefeuille",
            "Li Wei",
            "Zoé Li",
        ),
        streets=(
            "rue Montorgueil", "rue d’Aboukir", "rue du Caire", "rue Réaumur", "boulevard de Bonne-Nouvelle",
            "rue Saint-Denis", "passage du Grand-Cerf", "rue Étienne-Marcel", "rue de Cléry", "rue des Jeûneurs",
            "rue du Sentier", "rue Poissonnière", "rue de la Lune", "rue Tiquetonne", "rue Greneta",
        ),
        towns=(("75002", "Paris"), ("75001", "Paris"), ("75003", "Paris"), ("75009", "Paris"), ("75010", "Paris")),
        phones=("063998####", "063998####", "063998####", "019900####"),
        prefix="33",
        notes=(
            "Préfère le siège près de la fenêtre.",
            "Cheveux très fins, ne pas trop désépaissir.",
            "Vient avec son chien, calme.",
            "Toujours dix minutes de retard.",
            "Aime le silence.",
            "Prend un thé sans sucre.",
            "Repousse rapide, proposer un rendez-vous toutes les cinq semaines.",
            "Paie pour toute la famille.",
        ),
        access_notes=("",),
        plans=("Carte dix brushings", "Abonnement Couleur", "Club Lumière"),
        share_with_address=0.35,
    ),
)  # fmt: skip
