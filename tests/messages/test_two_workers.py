"""Two workers at one outbox."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from carnet.base.scopes import open_organisation
from carnet.messages.actions import take_next
from carnet.organisations.access import Access
from carnet.outbox.models import Message
from tests.cast import NOW, open_business

WORKERS, MESSAGES = 4, 12


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_each_message_is_taken_by_one_worker_only() -> None:
    """(E7)"""
    business = open_business("salon")
    with open_organisation(business.organisation):
        for number in range(MESSAGES):
            Message.objects.create(
                organisation=business.organisation,
                kind="appointment_booked",
                subject_kind="appointment",
                subject_id=number,
                recipient="vera@mail.example",
                created_at=NOW,
                due_at=NOW,
            )
    ready = Barrier(WORKERS)

    def work(number: int) -> list[int]:
        try:
            with open_organisation(business.organisation):
                access = Access.for_system(business.organisation, f"worker {number}", now=NOW)
                ready.wait()
                taken = []
                while (message := take_next(access)) is not None:
                    taken.append(message.pk)
                return taken
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        taken = [pk for pks in pool.map(work, range(WORKERS)) for pk in pks]
    assert len(taken) == len(set(taken)) == MESSAGES
