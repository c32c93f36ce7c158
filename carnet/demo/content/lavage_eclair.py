"""Lavage Éclair: a car wash in Lille that has not switched Services on yet: the first steps are taken here."""

from carnet.demo.content.names import FRENCH_LAST_NAMES, FRENCH_MEN, FRENCH_WOMEN
from carnet.demo.plans import Clientele, Person, Plan, every_day
from carnet.organisations.permissions import ADMINISTRATOR, FRONT_DESK, PROVIDER

LAVAGE_ECLAIR = Plan(
    slug="lavage-eclair",
    name="Lavage Éclair",
    country="FR",
    zone="Europe/Paris",
    currency="EUR",
    street="7 rue de la Filature",
    postcode="59000",
    city="Lille",
    phone="+33 3 53 01 07 07",
    hours={**every_day(range(5), ("8:30", "18:30")), 5: ((9 * 60, 17 * 60),)},
    taxes=(("TVA 20 %", 20_000),),
    services_on=False,
    people=(
        Person("Karim Vandamme", ADMINISTRATOR, "karim.vandamme@lavage-eclair.example"),
        Person("Lucie Delattre", FRONT_DESK, "lucie.delattre@lavage-eclair.example"),
        Person("Yanis Mouton", PROVIDER, "yanis.mouton@lavage-eclair.example"),
        Person("Chloé Six", PROVIDER, "chloe.six@lavage-eclair.example"),
    ),
    clientele=Clientele(
        count=5,
        women=FRENCH_WOMEN,
        men=FRENCH_MEN,
        last_names=FRENCH_LAST_NAMES,
        notable=("Garage des Flandres", "Aurélie Dhaene"),
        streets=("rue Solférino", "rue Gambetta", "boulevard Vauban", "rue du Faubourg-de-Roubaix"),
        towns=(("59000", "Lille"), ("59800", "Lille"), ("59370", "Mons-en-Barœul")),
        phones=("063998####", "035301####"),
        prefix="33",
        notes=("Deux utilitaires, à facturer au garage.",),
        access_notes=("",),
        plans=("Carte dix lavages",),
        share_with_address=0.6,
    ),
)  # fmt: skip
