"""The API's short way past what only pages need: nothing that protects it may be left out with it."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from carnet.base.scopes import open_organisation
from carnet.customisation.actions import switch_module
from carnet.organisations.models import User
from tests.api.conftest import Program, problem_of


def signed_in() -> User:
    return User.objects.create_user("somebody@salon.example")


def test_answers_of_the_api_are_as_strict_as_pages_and_tell_their_length(desk: Program) -> None:
    """(I4, J7)"""
    for path, status in (("services", 200), ("nothing", 404)):
        answer = desk.get(path)
        assert answer.status_code == status
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "Authorization" in answer.headers["Vary"]
        assert answer.headers["Content-Length"] == str(len(answer.content))


def test_a_host_that_is_not_ours_is_refused(desk: Program) -> None:
    authorization = {"Authorization": f"Bearer {desk.token}"}
    assert Client().get(desk.path("services"), headers=authorization).status_code == 200
    assert Client().get(desk.path("services"), headers=authorization | {"Host": "evil.example"}).status_code == 400


def test_a_session_opens_nothing_and_is_not_even_read(desk: Program) -> None:
    desk.client.force_login(signed_in())
    with CaptureQueriesContext(connection) as statements:
        answer = desk.client.get(desk.path("services"))
    assert problem_of(answer) == (401, "not_signed_in")
    assert not answer.cookies
    assert not statements.captured_queries


def test_a_form_sent_to_the_api_without_our_token_is_refused_as_on_pages(desk: Program) -> None:
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(signed_in())
    assert forged.post("/api/v1/openapi.json", {"a": "b"}).status_code == 403


def test_the_language_of_the_page_before_is_not_spoken_to_the_next_program(desk: Program) -> None:
    """Both may be answered by the same thread."""
    browser = Client(headers={"Accept-Language": "en"})
    assert "en" in browser.get("/accounts/login/").headers["Content-Language"]
    for path in (desk.path("services"), "/api/v1/nothing"):
        assert Client().get(path).headers["Content-Language"] == "fr"


def test_modules_come_with_the_token_and_one_switched_off_is_off_for_the_next_request(desk: Program) -> None:
    day = desk.business.day.isoformat()
    query = {"service": desk.service("haircut"), "from": day, "to": day}
    assert desk.get("availability", query).status_code == 200
    with CaptureQueriesContext(connection) as statements:
        assert desk.get("availability", query).status_code == 200
    # Who asks with what is switched on; what is held. The service is known with the timetable.
    assert len(statements) == 2
    with open_organisation(desk.business.organisation):
        switch_module(desk.business.system, "services", on=False)
    assert problem_of(desk.get("availability", query)) == (404, "not_found")
    with open_organisation(desk.business.organisation):
        switch_module(desk.business.system, "services", on=True)
    assert desk.get("availability", query).status_code == 200
