"""The race as it happens outside: two server processes, many clients, one free time."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from django.db import connection

from carnet.appointments.models import Appointment, Claim
from carnet.base.scopes import open_organisation
from carnet.organisations.actions import issue_token
from tests.cast import coming_day, open_business

CLIENTS = 24
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def address_of_test_database() -> str:
    """Return the database of this test as another process reaches it."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    return f"postgresql://{settings['USER']}@/{settings['NAME']}?host={quote(settings['HOST'], safe='/')}"


@contextmanager
def served() -> Iterator[int]:
    """Serve the test's database with two worker processes and yield the port."""
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    command = ["carnet.running.web", "--ip=127.0.0.1", f"--port={port}", "--workers=2", "--threads=8"]
    server = subprocess.Popen(
        [sys.executable, "-m", *command],
        env={
            **os.environ,
            "CARNET_DATABASE_URL": address_of_test_database(),
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        },
        start_new_session=True,
    )
    try:
        while server.poll() is None:
            try:
                if status_of(port, "GET", "/healthz")[0] == 200:
                    break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def status_of(port: int, method: str, path: str, body: object = None, token: str = "") -> tuple[int, dict[str, object]]:
    """Return status and document of one request on a connection of its own."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    try:
        client.request(method, path, None if body is None else json.dumps(body), headers)
        response = client.getresponse()
        text = response.read()
        return response.status, json.loads(text) if text.startswith(b"{") else {}
    finally:
        client.close()


def test_two_server_processes_sell_one_time_once(transactional_db: None) -> None:
    """(A1) Exactly one of many clients gets it; the others a clean 409 with other times; nobody a 5xx."""
    salon = open_business("salon", now=datetime.now(UTC), day=coming_day())
    with open_organisation(salon.organisation):
        token = issue_token(salon.system, salon.members["bea"])
    body = {
        "customer": str(salon.customers["vera"].public_id),
        "service": str(salon.services["haircut"].public_id),
        "member": str(salon.members["lea"].public_id),
        "start": salon.at("10:00").isoformat(),
    }
    path = f"/api/v1/o/{salon.organisation.slug}/appointments"
    with served() as port, ThreadPoolExecutor(CLIENTS) as pool:
        start = threading.Barrier(CLIENTS)

        def client(_number: int) -> tuple[int, dict[str, object]]:
            start.wait()
            return status_of(port, "POST", path, body, token)

        answers = list(pool.map(client, range(CLIENTS)))
    assert Counter(status for status, _document in answers) == {201: 1, 409: CLIENTS - 1}
    refused = [document for status, document in answers if status == 409]
    assert {document["code"] for document in refused} == {"slot_taken"}
    assert all(document["alternatives"] for document in refused)
    with open_organisation(salon.organisation):
        assert Appointment.objects.count() == 1
        assert Claim.objects.filter(active=True).count() == 1
