"""Forms sent from other sites change nothing."""

from __future__ import annotations

import pytest
from django.test import Client


@pytest.mark.guard("csrf")
@pytest.mark.django_db
def test_a_form_without_our_token_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/accounts/login/", {"login": "bea@salon.example", "password": "a long password"})
    assert answer.status_code == 403


@pytest.mark.guard("csrf")
@pytest.mark.django_db
def test_a_token_of_somebody_else_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "a" * 32
    answer = client.post("/accounts/logout/", {"csrfmiddlewaretoken": "b" * 32})
    assert answer.status_code == 403


@pytest.mark.django_db
def test_our_own_address_is_trusted_even_where_a_proxy_changes_how_requests_arrive(settings) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.get("/accounts/login/")
    form = {"login": "bea@salon.example", "password": "a long password"}
    form["csrfmiddlewaretoken"] = str(page.context["csrf_token"])
    assert client.post("/accounts/login/", form, headers={"origin": settings.BASE_ADDRESS}).status_code == 200
    assert client.post("/accounts/login/", form, headers={"origin": "https://elsewhere.example"}).status_code == 403
