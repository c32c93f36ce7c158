"""Pictures, files and signatures: judged by their bytes, held by one record, seen with it, swept when held by none."""

from __future__ import annotations

import io
import json
import struct
import zlib
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import translation
from PIL import Image

from carnet.appointments.models import Appointment
from carnet.base.errors import Invalid, NotPermitted
from carnet.base.scopes import open_organisation
from carnet.catalogue.actions import create_service
from carnet.catalogue.details import ServiceDetails, details_of
from carnet.customers.actions import NewCustomer, create_customer, edit_customer
from carnet.customers.models import Customer
from carnet.customisation.actions.files import KEPT, MOST_WAITING, keep_file, sweep_files
from carnet.customisation.actions.keeping import forget_values
from carnet.customisation.errors import LayoutRefused
from carnet.customisation.files import file_seen
from carnet.customisation.finding import filtered, findable_fields
from carnet.customisation.lookups import Known, known_of
from carnet.customisation.models import Field, StoredFile
from carnet.customisation.queries import custom_output
from carnet.customisation.showing import told_fields
from carnet.customisation.signatures import HEIGHT, WIDTH
from carnet.customisation.types import NotAccepted, Setting, text_of, type_of
from carnet.customisation.uploads import LONGEST_NAME, MOST_BYTES, Sent, UploadRefused, content_of
from carnet.jobsheets.actions import fill_job_sheet
from carnet.jobsheets.models import JobSheet
from carnet.organisations.actions import set_field_rights
from carnet.organisations.errors import FieldRefused
from carnet.organisations.models import Activity, Profile
from tests.cast import Business
from tests.laid_out import add_fields
from tests.pictures import picture

STROKES = json.dumps([[100, 200, 300, 60, 420, 210], [500, 150, 640, 150]])
PDF = Sent(b"%PDF-1.4 warranty", "warranty.pdf")
PHOTO = Sent(picture(800, 600, kind="JPEG"), "front.jpg")


def label(words: str) -> dict[str, Any]:
    return {"label": {"en": words, "fr": words}}


def laid_out(business: Business, type_: str, module: str = "customers", name: str = "standard") -> Field:
    """Lay out one more field that shows everywhere."""
    shows = ["form", "page", "list", "card", "phone"]
    key = add_fields(business, {"type": type_, "shows": shows, **label("It")}, module=module, name=name)[-1]
    return Field.objects.get(pk=int(key[1:]))


def held_by_new_customer(business: Business, field: Field, sent: Sent = PDF) -> tuple[Customer, StoredFile]:
    bea = business.access("bea")
    kept = keep_file(bea, field, sent)
    made = create_customer(bea, NewCustomer("Zoé", custom={f"f{field.pk}": str(kept.public_id)}))
    return made, StoredFile.objects.get(pk=kept.pk)


def refusal(kind: str, sent: Sent) -> str:
    with pytest.raises(UploadRefused) as refused:
        content_of(kind, sent)
    assert str(refused.value).endswith(".")
    return refused.value.code


@pytest.mark.parametrize(
    ("kind", "sent", "said"),
    [
        ("image", PHOTO, "front.jpg"),
        ("file", PDF, "warranty.pdf"),
        ("signature", Sent(strokes=STROKES, name="Vera Lind"), "Signed by Vera Lind, March 3, 2026 at 9 a.m."),
        ("signature", Sent(strokes=STROKES), "Signed March 3, 2026 at 9 a.m."),
        ("signature", Sent(name="Vera Lind"), "Signed by Vera Lind, March 3, 2026 at 9 a.m."),
        ("signature", Sent(picture(), "Vera Lind"), "Signed by Vera Lind, March 3, 2026 at 9 a.m."),
    ],
)
def test_what_was_sent_is_named_by_its_id_and_told_by_its_name(
    salon: Business, kind: str, sent: Sent, said: str
) -> None:
    module = "job_sheets" if kind == "signature" else "customers"
    row = laid_out(salon, kind, module)
    field = {"id": row.pk, "type": kind, "label": {"en": "It"}}
    bea = salon.access("bea")
    kept = keep_file(bea, row, sent)
    setting, of_type = Setting("Europe/Paris", lookups=Known(bea)), type_of(field)
    pk = of_type.read(field, str(kept.public_id), setting)
    assert pk == kept.pk
    assert of_type.read(field, of_type.typed(field, pk, setting), setting) == pk
    told = of_type.sent(field, pk, setting)
    assert of_type.read(field, told, setting) == pk
    assert told == {
        "id": str(kept.public_id),
        "name": kept.name,
        "type": kept.content_type,
        "size": kept.size,
        "sent_at": bea.now.isoformat().replace("+00:00", "Z"),
    }
    with translation.override("en"):
        assert of_type.shown(field, pk, setting, "en") == said
        assert text_of(field, pk, setting, "en") == said
    assert list(of_type.indexed(field, pk)) == [pk]
    with pytest.raises(NotAccepted):
        of_type.imported(field, said, setting, "en")
    assert of_type.imported(field, " ", setting, "en") is None


def test_a_picture_is_drawn_anew_without_what_the_file_said_besides(salon: Business) -> None:
    """(L4)"""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "secret place"
    Image.new("RGB", (2000, 1000), (10, 200, 10)).save(out, "JPEG", exif=exif)
    content = content_of("image", Sent(out.getvalue() + b"<script>alert(1)</script>", "a.jpg"))
    with Image.open(io.BytesIO(content.data)) as drawn:
        assert (drawn.format, drawn.size) == ("WEBP", (800, 1600))
        assert not drawn.getexif()
    assert b"secret" not in content.data
    assert b"script" not in content.data
    assert content.small is not None
    assert len(content.small) < len(content.data)


def bomb() -> bytes:
    """Return a PNG of 50,000 × 50,000 pixels, of which only the beginning is there."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000))


@pytest.mark.parametrize(
    ("kind", "sent", "code"),
    [
        ("file", Sent(b"", "a.txt"), "empty"),
        ("file", Sent(None), "empty"),
        ("image", Sent(b"", "a.png"), "empty"),
        ("file", Sent(b"x" * (MOST_BYTES + 1), "a.txt"), "too-large"),
        ("file", Sent(b"x", "x" * 117 + ".txt"), "long-name"),
        ("image", Sent(b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "a.png"), "no-picture"),
        ("image", Sent(b"<html><script>alert(1)</script>", "a.jpg"), "no-picture"),
        ("image", Sent(picture()[:40], "a.png"), "no-picture"),
        ("image", Sent(bomb(), "a.png"), "too-many-pixels"),
        ("image", Sent(b"\xff\xd8" + b"\0" * 12 * 1024 * 1024, "a.jpg"), "picture-too-large"),
        ("signature", Sent(), "not-signed"),
        ("signature", Sent(name="  \u200b "), "not-signed"),
        ("signature", Sent(strokes="[]"), "not-signed"),
        ("signature", Sent(strokes="[[10, 10]]"), "not-signed"),
        ("signature", Sent(strokes="[[10, 10, 20]]"), "not-signed"),
        ("signature", Sent(strokes=f"[[0, 0, {WIDTH + 1}, 10]]"), "not-signed"),
        ("signature", Sent(strokes=f"[[0, 0, 10, {HEIGHT + 1}]]"), "not-signed"),
        ("signature", Sent(strokes="[[0, 0, 1e400, 10]]"), "not-signed"),
        ("signature", Sent(strokes="[[true, 0, 400, 10]]"), "not-signed"),
        ("signature", Sent(strokes="[" * 20_000), "not-signed"),
        ("signature", Sent(strokes="nobody"), "not-signed"),
        ("signature", Sent(strokes=json.dumps([[0, 0, 900, 300] * 11_000])), "not-signed"),
        ("signature", Sent(name="x" * (LONGEST_NAME + 1)), "long-name"),
        ("signature", Sent(b"%PDF", "Vera"), "no-picture"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_sentence(kind: str, sent: Sent, code: str) -> None:
    """(L4)"""
    assert refusal(kind, sent) == code


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\vera\\plan.pdf", "plan.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("two\r\nlines\x00.txt", "twolines.txt"),
        ("  .hidden. ", "hidden"),
        ("/", "file"),
        ("e\u0301té.txt", "été.txt"),
        ("<b>.html", "<b>.html"),
    ],
)
def test_a_name_has_no_folders_and_no_signs_that_hide_or_turn_it(sent: str, kept: str) -> None:
    """(L4, T2)"""
    with translation.override("en"):
        assert content_of("file", Sent(b"x", sent)).name == kept


def test_a_signature_is_drawn_by_us_in_black_on_white() -> None:
    content = content_of("signature", Sent(strokes=STROKES))
    with Image.open(io.BytesIO(content.data)) as drawn:
        assert (drawn.format, drawn.mode, drawn.size) == ("PNG", "L", (WIDTH, HEIGHT))
        assert drawn.getpixel((300, 60)) < 100
        assert drawn.getpixel((850, 20)) == 255
    typed = content_of("signature", Sent(name=" Vera  Lind "))
    assert (typed.content_type, typed.data.decode()) == ("text/plain", "Vera Lind")


def test_a_record_holds_its_file_and_tells_it(salon: Business) -> None:
    field = laid_out(salon, "file")
    made, kept = held_by_new_customer(salon, field)
    assert (kept.record, made.custom) == (made.pk, {f"f{field.pk}": kept.pk})
    bea = salon.access("bea")
    told = custom_output(bea, "customers", made.custom)[f"f{field.pk}"]
    assert told["id"] == str(kept.public_id)
    assert [one.text for one in told_fields(bea, "customers", made.custom, "list")] == ["warranty.pdf"]
    entry = findable_fields(bea, "customers")[f"f{field.pk}"]
    found = filtered(Customer.objects.all(), bea, "customers", entry, "filled")
    assert list(found) == [made]
    assert made not in filtered(Customer.objects.all(), bea, "customers", entry, "empty")
    # Sent back as it was told, or by its id alone, it stays.
    for same in (told, told["id"]):
        edited = edit_customer(bea, made, NewCustomer("Zoé", custom={f"f{field.pk}": same}))
        assert edited.custom == made.custom


def test_one_file_is_held_by_one_record(salon: Business) -> None:
    """(L5)"""
    field = laid_out(salon, "file")
    made, kept = held_by_new_customer(salon, field)
    with translation.override("en"), pytest.raises(Invalid) as refused:
        create_customer(salon.access("bea"), NewCustomer("Yves", custom={f"f{field.pk}": str(kept.public_id)}))
    assert refused.value.errors == {f"f{field.pk}": "There is no such file here. Send it first, for this field."}
    assert StoredFile.objects.get(pk=kept.pk).record == made.pk


def test_two_who_name_the_same_file_at_once_do_not_both_get_it(salon: Business) -> None:
    field = laid_out(salon, "file")
    bea = salon.access("bea")
    kept = keep_file(bea, field, PDF)
    custom = {f"f{field.pk}": str(kept.public_id)}
    # Both have read that it is free, and only then does the first of them write.
    known = known_of(bea)
    known.file_sent = lambda of, public_id: kept.pk  # type: ignore[method-assign]
    first = create_customer(bea, NewCustomer("Zoé", custom=custom))
    with pytest.raises(Invalid):
        create_customer(bea, NewCustomer("Yves", custom=custom))
    assert StoredFile.objects.get().record == first.pk
    assert not Customer.objects.filter(name="Yves").exists()


@pytest.mark.parametrize("who", ["other_member", "other_field", "other_organisation", "nobody"])
def test_a_file_that_somebody_else_sent_or_for_another_field_is_not_to_be_had(
    salon: Business, garage: Business, who: str
) -> None:
    """(L5, G3)"""
    field, other = laid_out(salon, "file"), laid_out(salon, "file")
    kept = keep_file(salon.access("alice" if who == "other_member" else "bea"), field, PDF)
    asked = str(uuid4()) if who == "nobody" else str(kept.public_id)
    of = other if who == "other_field" else field
    business = garage if who == "other_organisation" else salon
    entry = {"id": of.pk, "type": "file", "label": {"en": "It"}}
    with open_organisation(business.organisation):
        setting = Setting(lookups=Known(business.access("alice" if business is garage else "bea")))
        with pytest.raises(NotAccepted):
            type_of(entry).read(entry, asked, setting)


def test_whoever_may_not_fill_in_a_field_sends_nothing_for_it(salon: Business) -> None:
    field = laid_out(salon, "file")
    set_field_rights(
        salon.access("alice"), Profile.objects.get(key="front_desk"), {("customers", f"f{field.pk}"): "read_only"}
    )
    with pytest.raises(FieldRefused):
        keep_file(salon.access("bea"), field, PDF)
    with pytest.raises(NotPermitted):
        keep_file(salon.access("lea"), laid_out(salon, "file", "services"), PDF)
    assert not StoredFile.objects.exists()


def test_so_many_files_may_wait_and_no_more(salon: Business) -> None:
    """(L4)"""
    field, bea = laid_out(salon, "file"), salon.access("bea")
    for _ in range(MOST_WAITING):
        keep_file(bea, field, PDF)
    with pytest.raises(UploadRefused) as refused:
        keep_file(bea, field, PDF)
    assert refused.value.code == "too-many"
    keep_file(salon.access("alice"), field, PDF)
    keep_file(salon.access("bea", bea.now + KEPT), field, PDF)


@pytest.mark.guard("visible")
def test_a_file_is_seen_by_who_sees_its_record(salon: Business) -> None:
    """(L5, I9)"""
    field = laid_out(salon, "file")
    made, kept = held_by_new_customer(salon, field)
    Customer.objects.filter(pk=made.pk).update(owner=salon.members["max"])
    assert file_seen(salon.access("bea"), kept.public_id) == kept
    assert file_seen(salon.access("max"), kept.public_id) == kept
    assert file_seen(salon.access("lea"), kept.public_id) is None


@pytest.mark.guard("field_rights")
def test_a_file_in_a_hidden_field_is_not_seen(salon: Business) -> None:
    """(L5, I9)"""
    field = laid_out(salon, "file")
    _made, kept = held_by_new_customer(salon, field)
    waiting = keep_file(salon.access("bea"), field, PDF)
    key = ("customers", f"f{field.pk}")
    set_field_rights(salon.access("alice"), Profile.objects.get(key="front_desk"), {key: "hidden"})
    assert file_seen(salon.access("bea"), kept.public_id) is None
    assert file_seen(salon.access("bea"), waiting.public_id) is None
    assert file_seen(salon.access("alice"), kept.public_id) == kept


def test_a_file_that_waits_is_seen_by_its_sender_alone(salon: Business) -> None:
    waiting = keep_file(salon.access("bea"), laid_out(salon, "file"), PDF)
    assert file_seen(salon.access("bea"), waiting.public_id) == waiting
    assert file_seen(salon.access("alice"), waiting.public_id) is None


def test_a_replaced_file_is_let_go_and_the_history_still_knows_its_name(salon: Business) -> None:
    field = laid_out(salon, "file")
    made, first = held_by_new_customer(salon, field)
    key, bea = f"f{field.pk}", salon.access("bea")
    second = keep_file(bea, field, Sent(b"newer", "newer.txt"))
    edit_customer(bea, made, NewCustomer("Zoé", custom={key: str(second.public_id)}))
    first.refresh_from_db()
    assert first.released_at == bea.now
    assert file_seen(bea, first.public_id) is None
    assert Activity.objects.filter(kind="customer.edited").latest("pk").changes[key] == [first.pk, second.pk]
    sweep_files(salon.access("alice", bea.now + KEPT))
    first.refresh_from_db()
    assert (bytes(first.data), first.name) == (b"", "warranty.pdf")
    assert bytes(StoredFile.objects.get(pk=second.pk).data) == b"newer"


def test_what_nobody_came_to_hold_is_swept_after_a_day(salon: Business) -> None:
    field = laid_out(salon, "file")
    _made, held = held_by_new_customer(salon, field)
    waiting = keep_file(salon.access("bea"), field, PDF)
    late = salon.access("alice", salon.now + KEPT)
    assert sweep_files(salon.access("alice", late.now - timedelta(minutes=1))) == 0
    assert sweep_files(late) == 1
    assert list(StoredFile.objects.all()) == [held]
    assert not StoredFile.objects.filter(pk=waiting.pk).exists()


def test_a_file_goes_with_its_record(salon: Business) -> None:
    """(L5)"""
    made, kept = held_by_new_customer(salon, laid_out(salon, "file"))
    forget_values("customers", made.pk)
    assert file_seen(salon.access("alice"), kept.public_id) is None
    assert not StoredFile.objects.exists()


def test_a_clone_begins_without_the_files_of_the_other(salon: Business) -> None:
    field = laid_out(salon, "file", "services")
    alice = salon.access("alice")
    kept = keep_file(alice, field, PDF)
    details = ServiceDetails(
        "Beauté", 30, 2500, members=[salon.members["lea"]], custom={f"f{field.pk}": str(kept.public_id)}
    )
    made = create_service(alice, details)
    cloned = create_service(alice, details_of(made), cloned_from=made)
    assert made.custom == {f"f{field.pk}": kept.pk}
    assert cloned.custom == {}


def test_a_visit_holds_what_was_sent_while_it_was_booked(salon: Business) -> None:
    field = laid_out(salon, "image", "appointments", "create")
    kept = keep_file(salon.access("bea"), field, PHOTO)
    made = salon.book("haircut", at="15:00", by="bea", custom={f"f{field.pk}": str(kept.public_id)})
    assert Appointment.objects.get(pk=made.pk).custom == {f"f{field.pk}": kept.pk}
    assert StoredFile.objects.get().record == made.pk


def test_a_sheet_holds_its_signature_and_can_be_signed_again(salon: Business) -> None:
    field, visit = laid_out(salon, "signature", "job_sheets"), salon.book("colour", at="10:00")
    lea, key = salon.access("lea"), f"f{field.pk}"
    first, second = (keep_file(lea, field, Sent(name=name)) for name in ("Vera", "Vera Lind"))
    fill_job_sheet(lea, visit, {key: str(first.public_id)})
    fill_job_sheet(lea, visit, {key: str(second.public_id)})
    first.refresh_from_db()
    assert first.released_at is not None
    assert StoredFile.objects.get(pk=second.pk).record == JobSheet.objects.get().pk
    fill_job_sheet(lea, visit, {key: ""})
    assert JobSheet.objects.get().custom == {}


def test_only_job_sheets_are_signed(salon: Business) -> None:
    with pytest.raises(LayoutRefused):
        laid_out(salon, "signature")
