"""Customers of a demo business: as a book of some years holds them, in as many spellings."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice
from random import Random

from carnet.base.unit_of_work import unit_of_work
from carnet.customers.actions import NewAddress, NewCustomer, add_membership, add_note, create_customer
from carnet.customers.lookup import fold
from carnet.customers.models import Customer
from carnet.demo.crew import Crew, dice, id_of
from carnet.demo.plans import Clientele, Plan
from carnet.organisations.access import Access
from carnet.scheduling import hours as wall

BATCH = 30


def missing(plan: Plan) -> list[int]:
    """Return the numbers of the customers that are not in the book yet."""
    known = set(Customer.objects.values_list("public_id", flat=True))
    return [number for number in range(plan.clientele.count) if id_of(plan, "customer", number) not in known]


def add_customers(crew: Crew, now: datetime) -> bool:
    """Enter the next customers in one transaction; return False if none were missing."""
    numbers = missing(crew.plan)[:BATCH]
    with unit_of_work():
        for number in numbers:
            _enter(crew, number, now)
    return bool(numbers)


def _enter(crew: Crew, number: int, now: datetime) -> None:
    plan = crew.plan
    roll = dice(plan.slug, "customer", number)
    access = crew.front_desk(now - timedelta(days=100 + roll.randrange(90), minutes=roll.randrange(600)))
    customer = create_customer(access, described(plan, number, roll))
    if plan.clientele.notes and roll.random() < 0.3:
        add_note(access, customer, roll.choice(plan.clientele.notes), pinned=roll.random() < 0.6)
    if plan.clientele.plans and (roll.random() < 0.12 or number in (1, 2)):
        _subscribe(access, customer, roll.choice(plan.clientele.plans), number, roll, now)


def described(plan: Plan, number: int, roll: Random) -> NewCustomer:
    """Return the customer with this number; the first ones bear the notable names, number 11 gave only a phone."""
    source = plan.clientele
    name = name_of(source, plan.slug, number)
    phones = [spelled(roll, source) for _each in range(roll.choice((1, 1, 1, 2)))]
    plain = "".join(letter for letter in fold(name) if letter.isascii() and letter.isalnum())
    emails = [f"{plain}@courriel.example"] if plain and roll.random() < 0.6 else []
    addresses = []
    if roll.random() < source.share_with_address:
        count = 2 if number in (0, 3) or roll.random() < 0.12 else 1
        addresses = [_address(source, roll, label) for label in ("Domicile", "Bureau")[:count]]
    return NewCustomer(
        name="" if number == 11 else name,
        phones=tuple(phones),
        emails=tuple(emails),
        addresses=tuple(addresses),
        language=roll.choice(tuple(source.languages)),
        public_id=id_of(plan, "customer", number),
    )


def is_man(number: int) -> bool:
    return number % 3 == 0


def name_of(source: Clientele, slug: str, number: int) -> str:
    if number < len(source.notable):
        return source.notable[number]
    roll = dice(slug, "names")
    first_names, last_names = list(source.men if is_man(number) else source.women), list(source.last_names)
    roll.shuffle(first_names)
    roll.shuffle(last_names)
    # Each first name meets another last name on every round, so that no whole name comes twice.
    return f"{first_names[number % len(first_names)]} {last_names[(number + number // 100) % len(last_names)]}"


def spelled(roll: Random, source: Clientele) -> str:
    """Return a number as somebody wrote it down."""
    dialled = "".join(str(roll.randrange(10)) if sign == "#" else sign for sign in roll.choice(source.phones))
    if source.prefix == "1":
        area, middle, end = dialled[:3], dialled[3:6], dialled[6:]
        if middle == "555":
            end = "01" + end[-2:]
        return roll.choice(
            (
                f"({area}) {middle}-{end}",
                f"{area}-{middle}-{end}",
                f"{area} {middle} {end}",
                f"{area}.{middle}.{end}",
                f"1 {area} {middle}-{end}",
                f"+1 {area}-{middle}-{end}",
                f"{area}{middle}{end}",
            )
        )
    pairs = [dialled[at : at + 2] for at in range(0, 10, 2)]
    rest = " ".join(islice(pairs, 1, None))
    return roll.choice(
        (
            " ".join(pairs),
            " ".join(pairs),
            dialled,
            ".".join(pairs),
            "-".join(pairs),
            f"+33 {pairs[0][1]} {rest}",
            f"+33{dialled[1:]}",
            f"0033 {dialled[1:]}",
            f"+33 (0){pairs[0][1]} {rest}",
            f"{dialled[:4]} {dialled[4:7]} {dialled[7:]}",
        )
    )


def _address(source: Clientele, roll: Random, label: str) -> NewAddress:
    postcode, city = roll.choice(source.towns)
    number = f"{roll.randrange(1, 140)}{roll.choice(('', '', '', '', ' bis', ' B'))}"
    comma = ", " if source.prefix == "1" else " "
    return NewAddress(
        f"{number}{comma}{roll.choice(source.streets)}", postcode, city, label, roll.choice(source.access_notes)
    )


def _subscribe(access: Access, customer: Customer, name: str, number: int, roll: Random, now: datetime) -> None:
    """Give the customer a plan; number 2's has run out, as have a few others'."""
    today = wall.local(now, access.organisation.zone).date
    expired = number == 2 or (number != 1 and roll.random() < 0.15)
    until = (
        today - timedelta(days=roll.randrange(5, 40)) if expired else today + timedelta(days=roll.randrange(20, 300))
    )
    add_membership(
        access,
        customer,
        name,
        number=f"{roll.randrange(1000, 9999)}",
        valid_from=until - timedelta(days=365),
        valid_until=until,
        uses_left=roll.randrange(1, 10),
    )
