"""The four demo businesses. All people, addresses and numbers are made up; the numbers are set aside for fiction."""

from carnet.demo.content.jardins_boreal import JARDINS_BOREAL
from carnet.demo.content.lavage_eclair import LAVAGE_ECLAIR
from carnet.demo.content.maison_nette import MAISON_NETTE
from carnet.demo.content.salon_lumiere import SALON_LUMIERE

#: The first is complete for the days around today before the first page is served.
PLANS = (SALON_LUMIERE, MAISON_NETTE, JARDINS_BOREAL, LAVAGE_ECLAIR)
