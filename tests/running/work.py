"""Tasks of the tests: they must stand in a module, for a worker finds them by their path."""

from __future__ import annotations

from django_tasks import task

from carnet.base.tasks import Interrupted, scoped_task
from carnet.customers.models import Customer
from carnet.organisations.access import Access

done: list[object] = []


@task()
def write_down(word: str) -> None:
    done.append(word)


@task()
def stumble() -> None:
    raise RuntimeError("as asked")


@task()
def leave_abruptly() -> None:
    raise SystemExit(3)


@task()
def be_interrupted() -> None:
    raise Interrupted


@task()
def read_customers_unscoped() -> None:
    done.append(Customer.objects.count())


@scoped_task
def count_customers(access: Access, customer_id: int) -> None:
    """Note who asked, and what can be seen."""
    slugs = set(Customer.objects.values_list("organisation__slug", flat=True))
    done.append((access.organisation.slug, access.actor.kind, access.actor.name, slugs, customer_id))


@scoped_task(priority=-10)
def come_last(access: Access) -> None:
    done.append("last")
