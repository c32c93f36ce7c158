"""What a service costs: with this member, for this long, with these add-ons; and in detail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from carnet.base.money import Price, half_up, priced
from carnet.catalogue.models import AddOn, Service
from carnet.organisations.models import Member, Organisation


@dataclass(frozen=True, slots=True)
class Extra:
    """An add-on as it is sold: what it lengthens and what it costs, as prices are typed."""

    id: str
    name: str
    minutes: int
    price: int


def extra_of(add_on: AddOn) -> Extra:
    return Extra(str(add_on.public_id), add_on.name, add_on.minutes, add_on.price)


def amount_of(
    service: Service, minutes: int | None = None, member: Member | None = None, extras: Iterable[Extra] = ()
) -> int:
    """Return the price as it is typed (with or without tax), in minor units.

    `minutes` is the length without add-ons, the usual one if not said. A member's price takes the place of the
    service's, and a longer visit adds to it what it adds to the service's. Reads `service_members` and `length_prices`.
    """
    minutes = minutes or service.usual
    base = service.price
    if member is not None:
        key = member.pk
        own = (row.price for row in service.service_members.all() if row.member_id == key and row.price is not None)
        base = next(own, base)
    if service.hourly:
        amount = half_up(base * minutes, 60)
    else:
        reached = [row.price for row in service.length_prices.all() if row.minutes <= minutes]
        amount = max(0, base + (reached[-1] - service.price if reached else 0))
    return amount + sum(extra.price for extra in extras)


def price_of(
    organisation: Organisation,
    service: Service,
    minutes: int | None = None,
    member: Member | None = None,
    extras: Iterable[Extra] = (),
) -> Price:
    """Return what a visit costs in detail; reads taxes, members and prices by length, prefetched or not."""
    taxes = sorted((row.tax for row in service.service_taxes.all()), key=lambda tax: (tax.position, tax.pk))
    return priced(
        amount_of(service, minutes, member, extras),
        [(tax.name, tax.rate) for tax in taxes],
        currency=organisation.currency,
        included=organisation.prices_include_tax,
    )


def add_on_price(organisation: Organisation, service: Service, price: int) -> Price:
    """Return in detail what an add-on of the service costs, whose price was typed as `price`."""
    taxes = sorted((row.tax for row in service.service_taxes.all()), key=lambda tax: (tax.position, tax.pk))
    return priced(
        price,
        [(tax.name, tax.rate) for tax in taxes],
        currency=organisation.currency,
        included=organisation.prices_include_tax,
    )


def lowest_with(
    organisation: Organisation,
    service: Service,
    minutes: int,
    members: Iterable[Member],
    extras: Iterable[Extra] = (),
) -> tuple[Price, bool]:
    """Return the least that such a visit costs with any of `members`, and whether it costs more with another."""
    extras = tuple(extras)
    prices = [price_of(organisation, service, minutes, member, extras) for member in members]
    if not prices:
        return price_of(organisation, service, minutes, None, extras), False
    least = min(prices, key=lambda price: price.total)
    return least, any(price.total != least.total for price in prices)


def lowest_price(organisation: Organisation, service: Service) -> tuple[Price, bool]:
    """Return the least that a visit can cost without add-ons, and whether another may cost more."""
    rows = service.service_members.all()
    priced_apart = [row.member for row in rows if row.price is not None]
    people: list[Member | None] = [*priced_apart]
    if len(priced_apart) < len(rows) or not rows:
        people.append(None)
    lengths = {service.usual}
    if service.hourly:
        lengths |= {service.shortest, service.longest}
    lengths |= {
        row.minutes for row in service.length_prices.all() if service.shortest <= row.minutes <= service.longest
    }
    found = [(amount_of(service, minutes, member), minutes, member) for minutes in lengths for member in people]
    least, minutes, member = min(found, key=lambda one: one[0])
    return price_of(organisation, service, minutes, member), any(amount != least for amount, *_rest in found)
