"""Records of each module as random walks write them: by the action, through the form, and by a program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Model
from django.test import Client

from carnet.appointments.actions import edit_appointment
from carnet.appointments.models import Appointment
from carnet.appointments.output import appointment_output
from carnet.base.errors import TradeError
from carnet.catalogue.actions import create_service, edit_service
from carnet.catalogue.details import ServiceDetails, details_of
from carnet.catalogue.models import Service
from carnet.catalogue.output import service_output
from carnet.customers.actions import NewCustomer, create_customer, edit_customer
from carnet.customers.models import Customer
from carnet.customers.output import customer_output
from carnet.customisation.queries import Document, current_layout
from carnet.jobsheets.actions import fill_job_sheet
from carnet.jobsheets.models import JobSheet
from carnet.jobsheets.output import sheet_output
from tests.api.conftest import Program
from tests.cast import Business
from tests.desk.service_pages import HTMX, typed

Sent = Mapping[str, Any]
numbers = count(1)


@dataclass
class Records:
    """The records of one module; `write` takes values by key and returns the record's key, or raises TradeError."""

    salon: Business
    program: Program
    pages: Client
    module: ClassVar[str]
    layout: ClassVar[str] = "standard"
    model: ClassVar[type[Model]]
    #: Whether they are found by copies of their values.
    copied: ClassVar[bool] = True
    #: Records that are there already, and the only ones, where walks make none.
    given: list[int] = field(default_factory=list)

    def one(self, pk: int) -> Any:
        return self.model._default_manager.filter(pk=pk).first()

    def custom(self, pk: int) -> dict[str, Any]:
        found: dict[str, Any] = self.one(pk).custom if self.one(pk) else {}
        return found

    def document(self, pk: int) -> Document:
        """Return the layout that the record is written with."""
        return current_layout(self.salon.access("alice"), self.module, self.layout).document

    def by_action(self, pk: int, sent: Sent) -> int:
        raise NotImplementedError

    def by_form(self, pk: int, sent: Sent) -> int:
        raise NotImplementedError

    def by_program(self, pk: int, sent: Sent) -> int:
        raise NotImplementedError

    def told(self, pk: int) -> dict[str, Any]:
        raise NotImplementedError

    def send(self, address: str, fields: Sent, sent: Sent) -> Any:
        """Send a form as a browser does; return the answer, raise TradeError for a refusal."""
        answer = self.pages.post(self.salon.url(address), {**fields, **as_typed(sent)}, headers=HTMX)
        if answer.status_code == 422:
            raise TradeError
        assert answer.status_code in (200, 303), answer.content
        return answer

    def ask(self, verb: str, path: str, body: Sent) -> Any:
        """Send a request as a program does, with the version that it read; raise TradeError for a refusal."""
        read = {} if verb == "post" else {"If_Match": self.program.get(path.partition("/details")[0]).headers["ETag"]}
        answer = getattr(self.program, verb)(path, body, **read)
        if answer.status_code == 422:
            raise TradeError
        assert answer.status_code in (200, 201), answer.content
        return answer.json()


def as_typed(sent: Sent) -> dict[str, Any]:
    """Return values as the inputs of a form send them."""
    found: dict[str, Any] = {"own": list(sent)}
    for key, value in sent.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            found |= {f"{key}.{n}.{name}": str(cell) for n, line in enumerate(value) for name, cell in line.items()}
        elif isinstance(value, list):
            found[key] = [str(one) for one in value]
        elif value is True:
            found[key] = "on"
        elif value is not None and value is not False:
            found[key] = str(value)
    return found


class Customers(Records):
    module, model = "customers", Customer

    def by_action(self, pk: int, sent: Sent) -> int:
        access, new = self.salon.access("alice"), NewCustomer("Zoé", custom=sent)
        return edit_customer(access, self.one(pk), new).pk if pk else create_customer(access, new).pk

    def by_form(self, pk: int, sent: Sent) -> int:
        if pk:
            one = self.one(pk)
            self.send(f"customers/{one.public_id}/edit", {"name": "Zoé", "version": one.version}, sent)
            return pk
        self.send("customers/new", {"name": "Zoé"}, sent)
        return Customer.objects.latest("pk").pk

    def by_program(self, pk: int, sent: Sent) -> int:
        body = {"name": "Zoé", "phones": [], "emails": [], "custom": sent}
        if pk:
            self.ask("put", f"customers/{self.one(pk).public_id}", body)
            return pk
        made = self.ask("post", "customers", body)
        return Customer.objects.get(public_id=UUID(made["id"])).pk

    def told(self, pk: int) -> dict[str, Any]:
        found: dict[str, Any] = customer_output(self.salon.access("alice"), self.one(pk))["custom"]
        return found


class Services(Records):
    module, model = "services", Service

    def by_action(self, pk: int, sent: Sent) -> int:
        access, name = self.salon.access("alice"), f"Soin {next(numbers)}"
        if pk:
            details = details_of(self.one(pk))
            return edit_service(access, self.one(pk), _with(details, sent)).pk
        return create_service(
            access, ServiceDetails(name, 30, 2000, members=[self.salon.members["lea"]], custom=sent)
        ).pk

    def by_form(self, pk: int, sent: Sent) -> int:
        fields = typed(self.salon, name=f"Soin {next(numbers)}")
        if pk:
            one = self.one(pk)
            self.send(f"services/{one.public_id}/edit", fields | {"version": str(one.version)}, sent)
            return pk
        self.send("services/new", fields, sent)
        return Service.objects.latest("pk").pk

    def by_program(self, pk: int, sent: Sent) -> int:
        if pk:
            self.ask("put", f"services/{self.one(pk).public_id}", {"custom": sent})
            return pk
        body = {"name": f"Soin {next(numbers)}", "duration": {"usual": 30}, "amount": 2000, "custom": sent}
        made = self.ask("post", "services", body)
        return Service.objects.get(public_id=UUID(made["id"])).pk

    def told(self, pk: int) -> dict[str, Any]:
        found: dict[str, Any] = service_output(self.salon.access("alice"), self.one(pk))["custom"]
        return found


def _with(details: ServiceDetails, sent: Sent) -> ServiceDetails:
    return replace(details, custom=sent)


class Appointments(Records):
    module, layout, model = "appointments", "create", Appointment

    def by_action(self, pk: int, sent: Sent) -> int:
        return edit_appointment(self.salon.access("alice"), self.one(pk), custom=sent).pk

    def by_form(self, pk: int, sent: Sent) -> int:
        one = self.one(pk)
        self.send(f"appointments/{one.public_id}/details/", {"note": one.note, "version": one.version}, sent)
        return pk

    def by_program(self, pk: int, sent: Sent) -> int:
        self.ask("put", f"appointments/{self.one(pk).public_id}/details", {"custom": sent})
        return pk

    def told(self, pk: int) -> dict[str, Any]:
        found: dict[str, Any] = appointment_output(self.salon.access("alice"), self.one(pk))["custom"]
        return found


class Sheets(Records):
    """Job sheets by their visit: a sheet keeps the version of the layout that it was begun with."""

    module, model, copied = "job_sheets", JobSheet, False

    def sheet(self, pk: int) -> JobSheet | None:
        return JobSheet.objects.filter(appointment_id=pk).select_related("layout_version", "appointment").first()

    def custom(self, pk: int) -> dict[str, Any]:
        sheet = self.sheet(pk)
        return dict(sheet.custom) if sheet else {}

    def document(self, pk: int) -> Document:
        sheet = self.sheet(pk)
        found: Document = sheet.layout_version.document if sheet else super().document(pk)
        return found

    def by_action(self, pk: int, sent: Sent) -> int:
        fill_job_sheet(self.salon.access("alice"), Appointment.objects.get(pk=pk), sent)
        return pk

    def by_form(self, pk: int, sent: Sent) -> int:
        sheet = self.sheet(pk)
        address = f"appointments/{Appointment.objects.get(pk=pk).public_id}/job-sheet/"
        self.send(address, {"part": "1", "version": str(sheet.version if sheet else 0)}, sent)
        return pk

    def by_program(self, pk: int, sent: Sent) -> int:
        self.ask("put", f"appointments/{Appointment.objects.get(pk=pk).public_id}/job-sheet", {"values": sent})
        return pk

    def told(self, pk: int) -> dict[str, Any]:
        sheet = self.sheet(pk)
        assert sheet is not None
        found: dict[str, Any] = sheet_output(self.salon.access("alice"), sheet)["values"]
        return found


KINDS: dict[str, type[Records]] = {one.module: one for one in (Customers, Services, Appointments, Sheets)}
