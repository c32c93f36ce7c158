"""Customers over HTTP: found, created, edited."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from ninja import Header, Path, Query, Router
from pydantic import BaseModel, Field

from carnet.base.api import Custom, Id, Input, Text, answer, expected_version, id_taken, left_out, listed, problems
from carnet.base.errors import Invalid
from carnet.base.prepared import Prepared
from carnet.customers.actions import NewAddress, NewCustomer, create_customer, edit_customer
from carnet.customers.email import with_email
from carnet.customers.fields import CUSTOMERS
from carnet.customers.listing import NAME, Asked, customers_listed
from carnet.customers.models import Address, Customer
from carnet.customers.output import NAMES, customer_output
from carnet.customers.queries import lookup, visible_customers
from carnet.customisation.asked import ORDER, WHERE, Order, Where, conditions
from carnet.organisations.access import Access
from carnet.organisations.api import require_named
from carnet.organisations.fields import may_be_hidden
from carnet.organisations.tokens import ApiRequest

router = Router(tags=["Customers"])

Few = Annotated[list[Text], Field(max_length=20)]


class AddressIn(Input):
    """An address as typed; only the street is required."""

    street: Text
    postcode: Text = ""
    city: Text = ""
    label: Text = ""
    access_note: Text = ""
    country: Text = ""

    def typed(self) -> NewAddress:
        return NewAddress(self.street, self.postcode, self.city, self.label, self.access_note, self.country)


class CustomerIn(Input):
    """A customer as typed; a name or a phone number is enough."""

    id: Id | None = None
    name: Text = ""
    phones: Few = []
    emails: Few = []
    language: Annotated[str, Field(pattern="^(fr|en)?$")] = ""
    zone: Annotated[Text, Field(max_length=64)] = ""
    addresses: Annotated[list[AddressIn], Field(max_length=20)] = []
    custom: Custom | None = None

    def typed(self) -> NewCustomer:
        addresses = tuple(address.typed() for address in self.addresses)
        return NewCustomer(
            name=self.name,
            phones=tuple(self.phones),
            emails=tuple(self.emails),
            addresses=addresses,
            language=self.language,
            public_id=self.id,
            zone=self.zone,
            custom=self.custom,
        )


class CustomerEdit(Input):
    """What a customer is called and reached by, all of it: what is left out of a list is taken away.

    Only fields that the token's profile may not edit are left out whole, and stay as they are.
    """

    name: Text | None = None
    phones: Few | None = None
    emails: Few | None = None
    #: Those that are left out stay as they are.
    custom: Custom | None = None

    def typed(self, access: Access, customer: Customer) -> NewCustomer:
        """Return the edit; raises FieldRefused for a field that may not be sent, Invalid for one that is missing."""
        require_named(access, CUSTOMERS, self, NAMES)
        missing = [
            name
            for name in NAMES
            if name in type(self).model_fields
            and getattr(self, name) is None
            and access.may_edit_field(CUSTOMERS, NAMES[name])
        ]
        if missing:
            raise Invalid(**{name: _("This field is required.") for name in missing})
        name = customer.name if self.name is None else self.name
        return NewCustomer(
            name,
            None if self.phones is None else tuple(self.phones),
            None if self.emails is None else tuple(self.emails),
            custom=self.custom,
        )


class AddressOut(BaseModel):
    model_config = left_out("access_note")

    id: UUID
    label: str
    street: str
    postcode: str
    city: str
    country: str
    access_note: str


class CustomerOut(BaseModel):
    """Who is served. What the profile hides is left out."""

    model_config = left_out(*may_be_hidden(CUSTOMERS, NAMES))

    id: UUID
    version: int
    name: str
    phones: list[str]
    emails: list[str]
    language: str
    zone: str
    addresses: list[AddressOut]
    custom: dict[str, Any]


class CustomersOut(BaseModel):
    """`next` is what to send as `after` for the next page of a list; of what was searched there is one page."""

    customers: list[CustomerOut]
    next: UUID | None


@router.get(
    "/customers", response=CustomersOut, operation_id="customers_search", summary="Search customers, or list them"
)
def customers(
    request: ApiRequest,
    organisation: Path[str],
    q: Annotated[
        Text | None,
        Query(description="Words of a name, phone number, e-mail or address; accents and case do not matter."),
    ] = None,
    where: Annotated[Where | None, Query(description=WHERE)] = None,
    order: Annotated[Order | None, Query(description=ORDER)] = None,
    after: Annotated[Id | None, Query(description="The `next` of the page before.")] = None,
    limit: Annotated[int, Field(ge=1, le=50)] = 12,
) -> HttpResponse:
    """Return those that `q` finds, the best first; without it all of them, narrowed by `where` and in `order`.

    Besides own fields the order may be `name` or `newest`, with a minus before it the other way round.
    """
    access = request.access
    if q is not None:
        if where or order or after is not None:
            raise Invalid(q=_("Either search by words, or list with conditions and an order."))
        return listed("customers", [customer_output(access, one) for one in lookup(access, q, limit)], None)
    if after is not None and not visible_customers(access).filter(public_id=after).exists():
        raise Invalid(after=_("There is no such record in this list."))
    order = order or NAME
    own = conditions(where or [])
    asked = Asked(own=own, sort=order.removeprefix("-"), descending=order.startswith("-"), after=after)
    found = customers_listed(access, asked, limit)
    return listed("customers", [customer_output(access, one) for one in found.customers], found.next)


@router.post(
    "/customers",
    response={201: CustomerOut},
    operation_id="customers_create",
    summary="Create a customer",
    openapi_extra=problems(409),
)
def create(request: ApiRequest, organisation: Path[str], data: CustomerIn) -> HttpResponse:
    """Create a customer; nobody is merged, for two people may share a number."""
    with_id_free = data.typed()
    require_named(request.access, CUSTOMERS, data, NAMES)
    try:
        customer = create_customer(request.access, with_id_free)
    except IntegrityError as error:
        raise id_taken(error) from None
    return answer(customer_output(request.access, customer), 201, version=customer.version)


@router.get(
    "/customers/{uuid:customer_id}", response=CustomerOut, operation_id="customers_get", summary="Read a customer"
)
def customer(request: ApiRequest, organisation: Path[str], customer_id: Path[UUID]) -> HttpResponse:
    return told(request.access, customer_at(request.access, customer_id))


@router.put(
    "/customers/{uuid:customer_id}",
    response=CustomerOut,
    operation_id="customers_update",
    summary="Edit a customer",
    openapi_extra=problems(412, 428),
)
def update(
    request: ApiRequest,
    organisation: Path[str],
    customer_id: Path[UUID],
    data: CustomerEdit,
    if_match: Annotated[
        str | None, Header(alias="If-Match", description="The ETag of the customer as it was read.")
    ] = None,
) -> HttpResponse:
    version = expected_version(request, required=True)
    found = customer_at(request.access, customer_id)
    edit_customer(request.access, found, data.typed(request.access, found), version=version)
    return told(request.access, customer_at(request.access, customer_id))


def told(access: Access, customer: Customer) -> HttpResponse:
    return answer(customer_output(access, customer), version=customer.version)


def customer_at(access: Access, public_id: UUID) -> Customer:
    """Return the customer of an address; raises Http404 for one that cannot be seen."""
    found = visible_customers(access).filter(public_id=public_id).prefetch_related("contacts", "addresses").first()
    if found is None:
        raise Http404
    return found


def customer_asked(access: Access, public_id: UUID) -> Customer:
    """Return the customer whom a body names; raises Invalid for one that cannot be seen."""
    access.require("customers.see")
    # Asked with every booking: where all customers are seen, by a statement that is written already.
    if access.reaches_everything:
        found = _by_id.one(public_id)
    else:
        found = visible_customers(access).filter(public_id=public_id).first()
    if found is None:
        raise Invalid(customer=_("There is no such customer."))
    return found


_by_id = Prepared(lambda public_id: with_email(Customer.objects.filter(public_id=public_id)), mark=UUID(int=1))


def address_asked(access: Access, public_id: UUID) -> Address:
    """Return the address that a body names; raises Invalid for one that cannot be seen."""
    found = access.visible(Address.objects.filter(public_id=public_id)).first()
    if found is None:
        raise Invalid(address=_("There is no such address."))
    return found
