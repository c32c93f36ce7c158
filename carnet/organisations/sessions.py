"""Where sessions are kept: in rows that know whose they are and when they were last seen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db

from carnet.base import clock


class SessionStore(db.SessionStore):
    """Django's sessions in the database, with two columns more."""

    #: When the row that was loaded was seen before this request; None for a session that is not stored.
    seen_at: datetime | None = None

    @classmethod
    def get_model_class(cls) -> Any:
        from carnet.organisations.account_models import SignIn

        return SignIn

    def load(self) -> dict[str, Any]:
        row = self._get_session_from_db()  # type: ignore[attr-defined]
        if row is None:
            return {}
        self.seen_at = row.seen_at
        return dict(self.decode(row.session_data))

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        user = data.get(SESSION_KEY)
        row.user_id = int(user) if user else None
        row.seen_at = clock.now()
        return row
