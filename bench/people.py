"""The people of a made desk: departments, fifty agents, five hundred companies with a project each."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from django.conf import settings
from django.contrib.auth.hashers import make_password

from bench.texts import LANGUAGES, SHARES, person
from firstline.people.models import Company, Customer, Domain, Person, Project, Staff
from firstline.people.roles import Level as Access
from firstline.tickets.models import Department, TicketType, Workflow

PASSWORD = "bench correct horse battery"  # noqa: S105  # of made people on a made desk
CUSTOMERS = 10_000
COMPANIES = 500
AGENTS = 50

DEPARTMENTS = (
    ("hosting", "Хостинг", "Хостинг", "Hosting"),
    ("mail", "Почта", "Поща", "Mail"),
    ("climate", "Микроклимат", "Микроклимат", "Climate"),
    ("billing", "Счета", "Фактури", "Billing"),
    ("network", "Сети", "Мрежи", "Network"),
    ("cloud", "Облако", "Облак", "Cloud"),
    ("service", "Выезды", "Посещения", "Field service"),
    ("parts", "Запчасти", "Части", "Spare parts"),
    ("sales", "Продажи", "Продажби", "Sales"),
    ("abuse", "Жалобы", "Жалби", "Abuse"),
)


@dataclass(frozen=True, slots=True)
class Client:
    """A customer, with what every row of theirs repeats."""

    id: int
    name: str
    email: str
    language: str
    company_id: int
    project_id: int  # of the company


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody, in the order of how often they appear."""

    departments: Sequence[Department]
    agents: dict[int, list[Staff]]  # by department id
    staff: Sequence[Staff]
    clients: Sequence[Client]
    weights: Sequence[float]  # of clients, cumulated
    department_weights: Sequence[float]  # cumulated
    types: Sequence[TicketType]
    newcomer: Staff  # an agent whose department is new and has no tickets

    def client(self, random: Random) -> Client:
        return random.choices(self.clients, cum_weights=self.weights)[0]

    def department(self, random: Random) -> Department:
        return random.choices(self.departments, cum_weights=self.department_weights)[0]


def make_cast(random: Random) -> Cast:
    """Write them all, in a few inserts; everybody has the same password."""
    password = make_password(PASSWORD)
    departments = _departments()
    staff, agents = _staff(random, departments, password)
    clients = _clients(random, _companies(random), password)
    weights = list(accumulate(1 / (place + 20) for place in range(len(clients))))
    shares = list(accumulate(1 / (place + 2) for place in range(len(departments))))
    types = TicketType.objects.bulk_create(
        TicketType(names={"ru": ru, "bg": bg, "en": en}, position=place)
        for place, (_key, ru, bg, en) in enumerate(DEPARTMENTS[:5])
    )
    newcomer = _newcomer(random, password, len(departments))
    return Cast(departments, agents, staff, clients, weights, shares, types, newcomer)


def _departments() -> list[Department]:
    workflows = [Workflow.objects.get(key=key) for key in ("service", "mailbox")]
    return Department.objects.bulk_create(
        Department(
            names={"ru": ru, "bg": bg, "en": en},
            address=f"{key}@{settings.MAIL_DOMAIN}",
            signatures={"ru": f"{ru}, на связи", "bg": f"{bg}, на линия", "en": f"{en} team"},
            workflow=workflows[place % 2],
            position=place,
        )
        for place, (key, ru, bg, en) in enumerate(DEPARTMENTS)
    )


def _staff(
    random: Random, departments: list[Department], password: str
) -> tuple[list[Staff], dict[int, list[Staff]]]:
    """One administrator, three supervisors, two observers and agents; each in one to four departments."""
    levels = [Access.ADMINISTRATOR, *[Access.SUPERVISOR] * 3, *[Access.OBSERVER] * 2]
    levels += [Access.AGENT] * (AGENTS - len(levels))
    people = _people(random, password, AGENTS, "staff", settings.MAIL_DOMAIN)
    staff = Staff.objects.bulk_create(
        Staff(person=one, level=level) for one, level in zip(people, levels, strict=True)
    )
    agents: dict[int, list[Staff]] = {department.pk: [] for department in departments}
    workers = [one for one in staff if one.level == Access.AGENT]
    for place, one in enumerate(workers):
        own = random.sample(departments, k=3 if place == 0 else random.randint(1, 4))
        own.append(departments[place % len(departments)])
        for department in dict.fromkeys(own):
            agents[department.pk].append(one)
    for department in departments:
        department.agents.add(*agents[department.pk])
    return staff, agents


def _newcomer(random: Random, password: str, place: int) -> Staff:
    person = _people(random, password, 1, "newcomer", settings.MAIL_DOMAIN)[0]
    staff = Staff.objects.create(person=person, level=Access.AGENT)
    Department.objects.create(
        names={"ru": "Новый отдел", "bg": "Нов отдел", "en": "New department"},
        address=f"new@{settings.MAIL_DOMAIN}",
        workflow=Workflow.objects.get(key="service"),
        position=place,
    ).agents.add(staff)
    return staff


def _companies(random: Random) -> list[Company]:
    companies = Company.objects.bulk_create(
        Company(name=f"{person(random, random.choice(LANGUAGES)).split()[1]} & Co {place}")
        for place in range(COMPANIES)
    )
    Domain.objects.bulk_create(
        Domain(name=f"company{place}.example", company=company)
        for place, company in enumerate(companies)
    )
    return companies


def _clients(random: Random, companies: list[Company], password: str) -> list[Client]:
    people = _people(random, password, CUSTOMERS, "customer", "")
    customers = Customer.objects.bulk_create(
        Customer(
            person=one,
            company=companies[place % COMPANIES],
            sees_company=place % 10 == 0,
        )
        for place, one in enumerate(people)
    )
    projects = _projects(companies, people)
    return [
        Client(
            one.pk, person.name, person.email, person.language, one.company_id or 0,
            projects[place % COMPANIES].pk,
        )
        for place, (one, person) in enumerate(zip(customers, people, strict=True))
    ]  # fmt: skip


def _projects(companies: list[Company], people: list[Person]) -> list[Project]:
    """One for each company; the two customers who write most often are its members."""
    projects = Project.objects.bulk_create(
        Project(identifier=f"p-{place}", name=company.name, owner=people[place], company=company)
        for place, company in enumerate(companies)
    )
    Membership = Project.members.through
    Membership.objects.bulk_create(
        Membership(project_id=project.pk, person_id=people[place + turn * COMPANIES].pk)
        for place, project in enumerate(projects)
        for turn in range(2)
    )
    return projects


def _people(random: Random, password: str, number: int, kind: str, domain: str) -> list[Person]:
    people = []
    for place in range(number):
        language = random.choices(LANGUAGES, cum_weights=SHARES)[0]
        address = domain or f"company{place % COMPANIES}.example"
        people.append(
            Person(
                email=f"{kind}{place}@{address}",
                name=person(random, language),
                language=language,
                password=password,
            )
        )
    return Person.objects.bulk_create(people, batch_size=1000)
