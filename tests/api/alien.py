"""What belongs to somebody else: another partner's customer, with all that a field could name."""

from dataclasses import dataclass

from firstline.people.actions.people import create_staff
from firstline.people.models import Company, Customer, Partner, Person, Project, Team
from firstline.people.roles import Level
from firstline.records.models import Contract, Equipment, ServiceObject
from firstline.tickets.actions.link import link
from firstline.tickets.messages import Enclosure
from firstline.tickets.models import Attachment, Message, Ticket, TicketLink
from tests.cast import PASSWORD, Cast, actor, open_by

WORDS = ("Чужаков", "Чужая", "alien-project", "Ч-77", "Чужой", "9999-77", "Тайный", "Секретная")


@dataclass(frozen=True, slots=True)
class Alien:
    """One of each; nobody of the cast but the administrator reaches its ticket."""

    customer: Person
    company: Company
    project: Project
    contract: Contract
    site: ServiceObject
    machine: Equipment
    agent: Person
    team: Team
    ticket: Ticket
    message: Message
    file: Attachment
    link: TicketLink


def make_alien(cast: Cast) -> Alien:
    """Put it into the database."""
    partner = Partner.objects.create(name="Чужой партнёр", own_first_line=True)
    company = Company.objects.create(name="Чужая фирма", partner=partner)
    customer = Person.objects.create(email="alien@alien.example", name="Чужаков Чужой")
    Customer.objects.create(person=customer, company=company)
    project = Project.objects.create(
        identifier="alien-project", name="Чужой", owner=customer, company=company, partner=partner
    )
    project.members.add(customer)
    staff = create_staff("agent@alien.example", "Тайный Агент", Level.PARTNER_AGENT)
    staff.person.set_password(PASSWORD)
    staff.partner = partner
    staff.save()
    team = Team.objects.create(names=dict.fromkeys(("ru", "bg", "en"), "Секретная бригада"))
    team.members.add(staff)
    site = ServiceObject.objects.create(name="Чужой корпус", company=company)
    files = [Enclosure("secret.txt", b"secret")]
    ticket = open_by(customer, cast.equipment, "Секретная тема", "Тайный текст", files=files)
    other = open_by(customer, cast.equipment, "Секретная вторая", "Тайный текст")
    return Alien(
        customer=customer,
        company=company,
        project=project,
        contract=Contract.objects.create(number="Ч-77", company=company),
        site=site,
        machine=Equipment.objects.create(model="Ч", serial="9999-77", company=company, site=site),
        agent=staff.person,
        team=team,
        ticket=ticket,
        message=ticket.messages.get(),
        file=Attachment.objects.get(message__ticket=ticket),
        link=link(actor(staff.person), ticket, other, "related", via="web"),
    )
