"""The tenant's fence: closed by default on reads, held by the database on writes, lifted in a short list of places."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import ForeignKey, Model

from carnet.base.constraints import SameOrganisation
from carnet.base.scopes import ScopeError, Tenant, open_organisation
from carnet.customers.models import Address, Customer
from carnet.organisations.models import Organisation
from tests.cast import NOW, Business

PACKAGE = Path(__file__).resolve().parents[2] / "carnet"

LIFT = "scopes_disabled"
#: Who may look across organisations, and why; whoever joins is seen in review.
MAY_LIFT_THE_FENCE = {
    "base/scopes.py": "defines it",
    "organisations/invitations.py": "a link alone says which organisation it leads into",
    "organisations/middleware.py": "a sign-in alone says which organisations it opens",
    "organisations/tokens.py": "a token alone says whose it is",
}


#: Every table of the product that has an organisation, whether it inherits from Tenant or not.
TENANT_TABLES = [
    model
    for model in apps.get_models(include_auto_created=True)
    if model.__module__.startswith("carnet.") and any(field.name == "organisation" for field in model._meta.fields)
]


@pytest.mark.guard("scope")
def test_a_query_without_an_open_organisation_is_refused(open_salon: Business) -> None:
    for ask in (Customer.objects.count, Customer.objects.first, lambda: list(Customer.objects.all())):
        with pytest.raises(ScopeError):
            ask()
    with pytest.raises(ScopeError):
        Customer.objects.filter(pk=1)
    with pytest.raises(ScopeError):
        Customer.objects.update(version=9)


@pytest.fixture
def theirs(db: None) -> Customer:
    """A customer of another organisation, written as plainly as can be: the cast needs the fence to be there."""
    bakery = Organisation.objects.create(
        slug="bakery", name="Bakery", country="FR", zone="Europe/Paris", currency="EUR", created_at=NOW
    )
    return Customer.objects.create(organisation=bakery, name="Bob", created_at=NOW)


@pytest.mark.guard("scope")
def test_inside_one_organisation_the_rows_of_another_do_not_exist(salon: Business, theirs: Customer) -> None:
    assert set(Customer.objects.all()) == set(salon.customers.values())
    assert not Customer.objects.filter(pk=theirs.pk).exists()
    assert Customer.objects.filter(pk=theirs.pk).update(version=9) == 0
    with open_organisation(theirs.organisation):
        assert set(Customer.objects.all()) == {theirs}


@pytest.mark.guard("same_organisation")
def test_the_database_refuses_a_row_that_refers_to_another_organisations(salon: Business, theirs: Customer) -> None:
    """Scopes guard reads only: an object of another organisation can still be passed to `create`."""
    with pytest.raises(IntegrityError), transaction.atomic():  # noqa: PT012 (PostgreSQL refuses only when asked)
        Address.objects.create(
            organisation=salon.organisation, customer=theirs, street="1 rue X", postcode="75001", city="Paris"
        )
        connection.check_constraints()


@pytest.mark.guard("scope")
@pytest.mark.django_db
@pytest.mark.parametrize("model", TENANT_TABLES, ids=lambda model: model._meta.label)
def test_every_tenant_table_is_closed_while_no_organisation_is_open(model: type[Model]) -> None:
    with pytest.raises(ScopeError):
        model._default_manager.count()


@pytest.mark.parametrize("model", TENANT_TABLES, ids=lambda model: model._meta.label)
def test_every_tenant_table_refers_within_its_organisation_only(model: type[Model]) -> None:
    assert issubclass(model, Tenant), "a table with an organisation is a Tenant"
    guarded = {constraint.field for constraint in model._meta.constraints if isinstance(constraint, SameOrganisation)}
    referring = {
        field.name
        for field in model._meta.fields
        if isinstance(field, ForeignKey) and field.name != "organisation" and field.remote_field.model in TENANT_TABLES
    }
    assert guarded == referring
    between = [field.remote_field.through for field in model._meta.many_to_many]
    assert set(between) <= set(TENANT_TABLES), "a table between two tenants' is a tenant's, by a through model"


def test_the_fence_is_lifted_only_where_the_list_says() -> None:
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.Name | ast.FunctionDef) and getattr(node, "id", getattr(node, "name", "")) == LIFT)
        or (isinstance(node, ast.alias) and node.name == LIFT)
        or (isinstance(node, ast.Attribute) and node.attr in (LIFT, "_base_manager"))
    }
    assert found == set(MAY_LIFT_THE_FENCE)
