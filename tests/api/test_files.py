"""Files of fields over HTTP: sent, named, told, read by whoever sees what holds them."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from carnet.base.scopes import open_organisation
from carnet.customisation.models import StoredFile
from tests.api.conftest import Program, problem_of, read
from tests.laid_out import add_fields
from tests.pictures import picture


def added(program: Program, type_: str, module: str = "customers") -> str:
    with open_organisation(program.business.organisation):
        field = {"type": type_, "label": {"en": "It", "fr": "Cela"}}
        return add_fields(program.business, field, module=module)[-1]


def send(program: Program, key: str, **parts: object) -> HttpResponse:
    body = encode_multipart(BOUNDARY, parts)
    return program.send("POST", f"files?field={key}", body, kind=MULTIPART_CONTENT)


def pdf(content: bytes = b"%PDF", name: str = "warranty.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_a_file_is_sent_then_named_then_told_and_read(desk: Program) -> None:
    key = added(desk, "file")
    sent = read(send(desk, key, file=pdf()))
    assert (sent["name"], sent["type"], sent["size"]) == ("warranty.pdf", "application/pdf", 4)
    made = read(desk.post("customers", {"name": "Zoé", "phones": [], "emails": [], "custom": {key: sent["id"]}}))
    assert made["custom"] == {key: sent}
    answer = desk.get(f"files/{sent['id']}")
    assert answer.content == b"%PDF"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="warranty.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    fields = [one for section in read(desk.get("layouts/customers"))["sections"] for one in section["fields"]]
    [told] = [one["value"] for one in fields if one["field"] == key]
    assert set(told["anyOf"][1]["properties"]) == set(sent)


def test_a_signature_is_sent_as_a_picture_or_as_a_name(provider: Program) -> None:
    key = added(provider, "signature", "job_sheets")
    drawn = read(send(provider, key, file=SimpleUploadedFile("a.png", picture(), "image/png"), name="Vera Lind"))
    assert (drawn["name"], drawn["type"]) == ("Vera Lind", "image/png")
    typed = read(send(provider, key, name="Vera Lind"))
    assert (typed["name"], typed["type"]) == ("Vera Lind", "text/plain")


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"file": pdf(b"")},
        {"file": pdf(), "other": pdf()},
        {"file": [pdf(), pdf()]},
        {"picture": pdf()},
        {"file": pdf(), "folder": "etc"},
        {"file": pdf(name="x" * 130)},
    ],
)
def test_what_is_no_file_is_refused_and_nothing_is_kept(desk: Program, parts: dict[str, object]) -> None:
    """(L4)"""
    answer = send(desk, added(desk, "file"), **parts)
    assert problem_of(answer) == (422, "invalid")
    with open_organisation(desk.business.organisation):
        assert not StoredFile.objects.exists()


def test_a_field_that_holds_no_files_and_one_that_does_not_exist_take_none(desk: Program) -> None:
    for key in (added(desk, "text"), "f987654321", "name", "f1 or 1=1"):
        assert problem_of(send(desk, key.replace(" ", "%20"), file=pdf())) == (404, "not_found")


def test_an_id_that_was_not_sent_for_the_field_is_refused(desk: Program) -> None:
    """(G3)"""
    key, other = added(desk, "file"), added(desk, "file")
    sent = read(send(desk, other, file=pdf()))["id"]
    answer = desk.post("customers", {"name": "Zoé", "phones": [], "emails": [], "custom": {key: sent}})
    assert problem_of(answer) == (422, "invalid")
    assert set(answer.json()["errors"]) == {key}


def test_what_a_neighbour_holds_is_at_no_address(desk: Program, neighbour: Program) -> None:
    """(L5)"""
    key = added(desk, "file")
    sent = read(send(desk, key, file=pdf()))["id"]
    desk.post("customers", {"name": "Zoé", "phones": [], "emails": [], "custom": {key: sent}})
    assert problem_of(neighbour.get(f"files/{sent}")) == (404, "not_found")
