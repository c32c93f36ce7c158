"""Who sits at the desk."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import Business


@pytest.fixture
def office(open_salon: Business, client: Client) -> Client:
    """The browser of an administrator who reads English."""
    user = open_salon.user("alice")
    user.language = "en"
    user.save()
    client.force_login(user)
    return client
