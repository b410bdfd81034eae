"""The people of the tests, always the same, and the tickets they open.

Two departments: `hosting` with the service workflow, where Anna and the supervisor work, and
`equipment` with the mailbox workflow, where Boris works. Two companies: Svetlana, Pyotr and Vera
write for Orbita; Zlata writes for another one and must never see anything of Orbita's. Svetlana and
Pyotr are members of the project, which belongs to Orbita as the contract, the site and the machine do.
Kirill's company is the partner's, which has an own first line: its agent works on Kirill's tickets.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import make_password

from firstline.people.access import Actor, actor_of
from firstline.people.models import Company, Customer, Partner, Person, Project, Staff
from firstline.people.roles import Level
from firstline.records.models import Contract, Equipment, ServiceObject
from firstline.tickets.actions.move import move
from firstline.tickets.actions.open import Fields, open_ticket
from firstline.tickets.actions.resolve import resolve
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
    """Put the cast on the stage of an empty, migrated database: in few statements, for each test does."""
    hosting, equipment = _departments()
    partner = Partner.objects.create(name="Партнёр", own_first_line=True)
    clinic, orbita, other = Company.objects.bulk_create(
        [Company(name="Клиника", partner=partner), Company(name="Орбита"), Company(name="Зарница")]
    )
    people = _people(
        {
            "svetlana": ("Светлана Иванова", "svetlana@orbita.example"),
            "pyotr": ("Пётр Петров", "pyotr@orbita.example"),
            "administrator": ("Администратор Адамов", "admin@desk.example"),
            "supervisor": ("Старшая Смирнова", "super@desk.example"),
            "anna": ("Анна Соколова", "anna@desk.example"),
            "boris": ("Борис Белов", "boris@desk.example"),
            "observer": ("Олег Орлов", "observer@desk.example"),
            "partner_agent": ("Павел Партнёров", "agent@partner.example"),
            "vera": ("Вера Директорова", "vera@orbita.example"),
            "zlata": ("Злата Чужова", "zlata@zarnitsa.example"),
            "kirill": ("Кирилл Клиентов", "kirill@clinic.example"),
        },
        staff={
            "administrator": Level.ADMINISTRATOR,
            "supervisor": Level.SUPERVISOR,
            "anna": Level.AGENT,
            "boris": Level.AGENT,
            "observer": Level.OBSERVER,
            "partner_agent": Level.PARTNER_AGENT,
        },
        customers=dict.fromkeys(("svetlana", "pyotr", "vera"), orbita)
        | {"zlata": other, "kirill": clinic},
        partner=partner,
    )
    works = [("supervisor", hosting), ("anna", hosting), ("boris", equipment)]
    works += [("observer", hosting), ("partner_agent", hosting)]
    Department.agents.through.objects.bulk_create(
        Department.agents.through(staff_id=people[name].pk, department_id=department.pk)
        for name, department in works
    )
    contract = Contract.objects.create(number="С-0412/25", company=orbita)
    site = ServiceObject.objects.create(name="Корпус 5", address="Берёзовка", company=orbita)
    return Cast(
        **people,
        hosting=hosting,
        equipment=equipment,
        orbita=orbita,
        project=_project("orbita-shop", orbita, people["svetlana"], people["pyotr"]),
        contract=contract,
        site=site,
        machine=Equipment.objects.create(
            model="МК-8", serial="2318-044", company=orbita, site=site, contract=contract
        ),
        partner=partner,
    )


def _departments() -> list[Department]:
    workflows = {workflow.key: workflow for workflow in Workflow.objects.all()}
    told = [
        ("hosting", "Хостинг", "Хостинг", "Hosting", "service"),
        ("equipment", "Оборудование", "Оборудване", "Equipment", "mailbox"),
    ]
    return Department.objects.bulk_create(
        Department(
            address=f"{name}@desk.example",
            names={"ru": ru, "bg": bg, "en": en},
            signatures={"ru": f"{ru}, на связи", "bg": f"{bg}, на линия", "en": f"{en} team"},
            workflow=workflows[workflow],
        )
        for name, ru, bg, en, workflow in told
    )


def _people(
    names: dict[str, tuple[str, str]],
    staff: dict[str, Level],
    customers: dict[str, Company],
    partner: Partner,
) -> dict[str, Person]:
    """All persons, as `people.actions.people` makes them one by one."""
    secret = make_password(PASSWORD)
    made = Person.objects.bulk_create(
        Person(email=email, name=name, language="en", password=secret)
        for name, email in names.values()
    )
    ids = dict(zip(names, [person.pk for person in made], strict=True))
    Staff.objects.bulk_create(
        Staff(
            person_id=ids[name], level=level, partner=partner if name == "partner_agent" else None
        )
        for name, level in staff.items()
    )
    Customer.objects.bulk_create(
        Customer(person_id=ids[name], company=company, sees_company=name == "vera")
        for name, company in customers.items()
    )
    people = Person.objects.select_related("staff__partner", "customer__company")
    found = {person.pk: person for person in people.filter(pk__in=ids.values())}
    return {name: found[pk] for name, pk in ids.items()}


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


def resolve_by(person: Person, ticket: Ticket) -> None:
    """`person`, one of the staff, resolves a ticket in the only way there is: with an answer."""
    resolve(actor(person), ticket, Draft("It works again."), via="web")


def close_by(person: Person, ticket: Ticket) -> None:
    """`person` resolves a ticket of the service workflow, and closes it for good."""
    resolve_by(person, ticket)
    move(actor(person), ticket, "closed", via="web")
