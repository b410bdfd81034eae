"""The people of the tests, always the same, and the tickets they open.

Two departments: `hosting` with the service workflow, where Anna and the supervisor work, and
`equipment` with the mailbox workflow, where Boris works. Two companies: Svetlana, Pyotr and Vera
write for Orbita; Zlata writes for another one and must never see anything of Orbita's. Svetlana and
Pyotr are members of the project, which belongs to Orbita as the contract, the site and the machine do.
Kirill's company is the partner's, which has an own first line: its agent works on Kirill's tickets.
"""

from dataclasses import dataclass
from typing import Any

from firstline.people.access import Actor, actor_of
from firstline.people.actions.people import create_staff, meet
from firstline.people.models import Company, Partner, Person, Project
from firstline.people.roles import Level
from firstline.records.models import Contract, Equipment, ServiceObject
from firstline.tickets.actions.open import Fields, open_ticket
from firstline.tickets.messages import Draft, Enclosure
from firstline.tickets.models import Department, Ticket, Workflow

PASSWORD = "correct horse battery"


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody, by name; `administrator` sees all, `observer` only looks at hosting's tickets."""

    administrator: Person
    supervisor: Person
    anna: Person
    boris: Person
    observer: Person
    partner_agent: Person
    svetlana: Person
    pyotr: Person
    vera: Person
    zlata: Person
    hosting: Department
    equipment: Department
    orbita: Company
    project: Project
    contract: Contract
    site: ServiceObject
    machine: Equipment
    partner: Partner
    kirill: Person

    @property
    def staff(self) -> list[Person]:
        return [
            self.administrator,
            self.supervisor,
            self.anna,
            self.boris,
            self.observer,
            self.partner_agent,
        ]

    @property
    def customers(self) -> list[Person]:
        return [self.svetlana, self.pyotr, self.vera, self.zlata]


def make_cast() -> Cast:
    """Put the cast on the stage of an empty, migrated database."""
    hosting = _department("hosting", "Хостинг", "Хостинг", "Hosting", "service")
    equipment = _department("equipment", "Оборудование", "Оборудване", "Equipment", "mailbox")
    orbita, other = Company.objects.create(name="Орбита"), Company.objects.create(name="Зарница")
    partner = Partner.objects.create(name="Партнёр", own_first_line=True)
    clinic = Company.objects.create(name="Клиника", partner=partner)
    svetlana = _customer("Светлана Иванова", "svetlana@orbita.example", orbita)
    pyotr = _customer("Пётр Петров", "pyotr@orbita.example", orbita)
    contract = Contract.objects.create(number="С-0412/25", company=orbita)
    site = ServiceObject.objects.create(name="Корпус 5", address="Берёзовка", company=orbita)
    cast = Cast(
        administrator=_staff("Администратор Адамов", "admin@desk.example", Level.ADMINISTRATOR),
        supervisor=_staff("Старшая Смирнова", "super@desk.example", Level.SUPERVISOR, hosting),
        anna=_staff("Анна Соколова", "anna@desk.example", Level.AGENT, hosting),
        boris=_staff("Борис Белов", "boris@desk.example", Level.AGENT, equipment),
        observer=_staff("Олег Орлов", "observer@desk.example", Level.OBSERVER, hosting),
        partner_agent=_staff(
            "Павел Партнёров", "agent@partner.example", Level.PARTNER_AGENT, hosting
        ),
        svetlana=svetlana,
        pyotr=pyotr,
        vera=_customer("Вера Директорова", "vera@orbita.example", orbita, sees_company=True),
        zlata=_customer("Злата Чужова", "zlata@zarnitsa.example", other),
        hosting=hosting,
        equipment=equipment,
        orbita=orbita,
        project=_project("orbita-shop", orbita, svetlana, pyotr),
        contract=contract,
        site=site,
        machine=Equipment.objects.create(
            model="МК-8", serial="2318-044", company=orbita, site=site, contract=contract
        ),
        partner=partner,
        kirill=_customer("Кирилл Клиентов", "kirill@clinic.example", clinic),
    )
    cast.partner_agent.staff.partner = partner
    cast.partner_agent.staff.save()
    return cast


def _department(name: str, ru: str, bg: str, en: str, workflow: str) -> Department:
    return Department.objects.create(
        address=f"{name}@desk.example",
        names={"ru": ru, "bg": bg, "en": en},
        signatures={"ru": f"{ru}, на связи", "bg": f"{bg}, на линия", "en": f"{en} team"},
        workflow=Workflow.objects.get(key=workflow),
    )


def _staff(name: str, email: str, level: Level, *departments: Department) -> Person:
    staff = create_staff(email, name, level, password=PASSWORD, language="en")
    for department in departments:
        department.agents.add(staff)
    return Person.objects.get(pk=staff.pk)


def _customer(name: str, email: str, company: Company, *, sees_company: bool = False) -> Person:
    person = meet(email, name, "en")
    person.set_password(PASSWORD)
    person.save()
    person.customer.company, person.customer.sees_company = company, sees_company
    person.customer.save()
    return Person.objects.get(pk=person.pk)


def _project(identifier: str, company: Company, owner: Person, *members: Person) -> Project:
    project = Project.objects.create(
        identifier=identifier, name="Магазин", owner=owner, company=company
    )
    project.members.add(owner, *members)
    return project


def actor(person: Person) -> Actor:
    """Who `person` is for an action; a fresh row, so that rights changed by a test count."""
    return actor_of(Person.objects.get(pk=person.pk))


def open_by(
    person: Person,
    department: Department,
    subject: str = "The site does not open",
    text: str = "It says 502 since this morning.",
    *,
    files: list[Enclosure] | None = None,
    via: str = "portal",
    **fields: Any,
) -> Ticket:
    """A ticket that `person` opens for themselves, by the same action as everywhere."""
    values = Fields(subject=subject, department=department, requester=person, **fields)
    return open_ticket(actor(person), values, Draft(text=text, files=files or ()), via=via)
