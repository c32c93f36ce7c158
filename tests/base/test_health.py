"""Health, asked as a load balancer asks."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client


def test_healthz_answers_without_asking_the_database(client: Client) -> None:
    """Without the mark that lends a test the database: a single query would fail it."""
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_readyz_says_that_the_database_answers(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "database": "ok"})


@pytest.mark.django_db(transaction=True)
def test_readyz_is_503_with_a_time_to_come_back_while_the_database_is_away(client: Client) -> None:
    """E4: readiness turns red, liveness stays green."""

    def gone(*_: Any) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    with connection.execute_wrapper(gone):
        answer = client.get("/readyz")
        alive = client.get("/healthz")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert alive.status_code == 200
    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_only_ever_read(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
