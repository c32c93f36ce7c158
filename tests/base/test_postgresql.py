"""Our PostgreSQL backend; on SQLite the same promises are kept without it."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection, transaction

from carnet.base.prepared import prepared_cursor

transactional = pytest.mark.django_db(transaction=True)


def asked() -> int:
    with prepared_cursor() as cursor:
        cursor.execute("SELECT 1 + %s", [1])
        row: tuple[int] = cursor.fetchone()
    return row[0]


def number_of_connection() -> int:
    """Return what PostgreSQL calls this connection, of SQLite the same for ever."""
    if connection.vendor == "sqlite":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        row: tuple[int] = cursor.fetchone()
    return row[0]


def next_request() -> None:
    """Do what Django does between two requests."""
    connection.close_if_unusable_or_obsolete()


def end(number: int) -> None:
    """End a connection, as a server does that is started again."""
    if connection.vendor == "sqlite":
        return
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [number])
    finally:
        other.close()


@transactional
def test_a_connection_that_the_server_has_ended_is_opened_anew_by_the_next_request() -> None:
    """(E4) Also where the statement that finds it out is a prepared one."""
    assert asked() == 2
    next_request()
    before = number_of_connection()
    next_request()
    end(before)
    assert asked() == 2
    assert number_of_connection() != before or connection.vendor == "sqlite"


@transactional
def test_a_connection_in_use_is_kept_and_not_asked_whether_it_lives() -> None:
    before = number_of_connection()
    for _ in range(3):
        next_request()
        assert asked() == 2
    assert number_of_connection() == before


@transactional
def test_prepared_statements_bear_a_rollback_and_a_failure_between_them() -> None:
    for _ in range(2):
        with transaction.atomic():
            assert asked() == 2
            transaction.set_rollback(True)
        with pytest.raises(Exception, match="nowhere"), transaction.atomic(), prepared_cursor() as cursor:
            cursor.execute("SELECT 1 FROM nowhere WHERE 1 = %s", [1])
        assert asked() == 2


@transactional
def test_a_statement_asked_twice_is_prepared_once() -> None:
    if connection.vendor == "sqlite":
        assert asked() == asked()
        return
    asked()
    asked()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", ["SELECT 1 + $1%"])
        assert cursor.fetchone() == (1,)


@transactional
def test_errors_of_a_prepared_statement_are_those_of_django() -> None:
    with pytest.raises(Exception, match="nowhere") as refused, prepared_cursor() as cursor:
        cursor.execute("SELECT 1 FROM nowhere", [])
    assert type(refused.value).__module__ == OperationalError.__module__
