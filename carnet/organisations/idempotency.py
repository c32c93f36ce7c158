"""Idempotency: the same request sent twice has one effect, and the second is told what the first was told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any, ClassVar

from django.db import IntegrityError
from django.utils.translation import gettext as _

from carnet.base.constraints import violated
from carnet.base.errors import TradeError
from carnet.base.unit_of_work import repeatable, unit_of_work
from carnet.organisations.access import Access
from carnet.organisations.models import IdempotencyKey


class KeyReused(TradeError):
    """The key was used before for something else."""

    code: ClassVar[str] = "idempotency_key_reused"
    status: ClassVar[int] = 422

    def sentence(self) -> str:
        return _("This Idempotency-Key was already sent with another body.")


def once(
    access: Access, route: str, key: str, body: Any, act: Callable[[], tuple[int, dict[str, Any]]]
) -> tuple[int, dict[str, Any]]:
    """Return the status and answer of `act`, run at most once for this key, or those of the time it was run.

    Keys belong to one actor and route. The key is kept in the transaction of its effect: a refusal keeps nothing, so
    the same request may be sent again later. Two at the same time: the second waits for the first, then is told the
    same. Raises KeyReused for another `body` (plain types) under the same key.
    """
    principal = f"token {access.actor.token.public_id}" if access.actor.token else f"{access.actor.kind}"
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    fingerprint = hashlib.sha256(text.encode()).hexdigest()
    return _once(access, principal, route, key, fingerprint, act)


@repeatable
def _once(
    access: Access,
    principal: str,
    route: str,
    key: str,
    fingerprint: str,
    act: Callable[[], tuple[int, dict[str, Any]]],
) -> tuple[int, dict[str, Any]]:
    row = IdempotencyKey(
        organisation=access.organisation,
        principal=principal,
        route=route,
        key=key,
        fingerprint=fingerprint,
        status=0,
        answer="",
        created_at=access.now,
    )
    try:
        # First the key, then the effect: whoever comes second waits here, holding nothing.
        with unit_of_work():
            row.save(force_insert=True)
    except IntegrityError as error:
        if violated(error) != "idempotency_key_once":
            raise
        before = IdempotencyKey.objects.get(principal=principal, route=route, key=key)
        if before.fingerprint != fingerprint:
            raise KeyReused from None
        return before.status, json.loads(before.answer)
    status, answer = act()
    # As text: one of the databases would give the fields back in another order.
    row.status, row.answer = status, json.dumps(answer)
    row.save(update_fields=["status", "answer"])
    return status, answer
