"""The people and places of the story."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self

from django.conf import settings

from firstline.base import clock
from firstline.mail.models import Box
from firstline.people.models import Company, Customer, Domain, Partner, Person, Project, Staff, Team
from firstline.tickets.models import Department, Level, TicketType, Workflow


@dataclass(slots=True)
class Cast:
    """Everybody in the story by their key, with the departments they meet in."""

    password: str
    people: dict[str, Person] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)
    levels: dict[str, Level] = field(default_factory=dict)
    types: dict[str, TicketType] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    companies: dict[str, Company] = field(default_factory=dict)
    sign_ins: list[tuple[str, str]] = field(default_factory=list)
    any_agent: str = ""

    @classmethod
    def make(cls, people: dict[str, Any], desk: dict[str, Any], password: str) -> Self:
        """Write all of them; `password` is encoded already."""
        cast = cls(password)
        cast._departments(desk)
        partners = {
            told["key"]: Partner.objects.create(
                name=told["name"],
                own_first_line=told["own_first_line"],
                silent_after_minutes=told.get("silent_after_minutes", 240),
            )
            for told in people["partners"]
        }
        companies = cast.companies = cast._companies(people["companies"], partners)
        teams = {told["key"]: Team.objects.create(names=told["names"]) for told in people["teams"]}
        for told in people["staff"]:
            cast._staff(told, partners, teams)
        for told in people["customers"]:
            cast._customer(told, companies)
        for told in people["projects"]:
            cast._project(told, companies, partners)
        return cast

    def _departments(self, desk: dict[str, Any]) -> None:
        workflows = {workflow.key: workflow for workflow in Workflow.objects.all()}
        for place, told in enumerate(desk["departments"]):
            department = self.departments[told["key"]] = Department.objects.create(
                names=told["names"],
                address=f"{told['address_local']}@{settings.MAIL_DOMAIN}",
                workflow=workflows[told["workflow"]],
                signatures=told["signature"],
                position=place,
            )
            for address in told.get("boxes", ()):
                Box.objects.create(address=address, department=department)
        self.levels = {level.key: level for level in Level.objects.all()}
        for place, told in enumerate(desk["types"]):
            kind = self.types[told["key"]] = TicketType.objects.create(
                names=told["names"],
                audience=told["audience"],
                department=self.departments.get(told.get("department", "")),
                position=place,
            )
            for at, asked in enumerate(told.get("fields", ())):
                kind.fields.create(**asked, position=at)

    def _companies(
        self, told: list[dict[str, Any]], partners: dict[str, Partner]
    ) -> dict[str, Company]:
        companies = {}
        for one in told:
            company = Company.objects.create(
                name=one["name"], partner=partners.get(one.get("partner", ""))
            )
            Domain.objects.bulk_create(
                Domain(name=name, company=company) for name in one["domains"]
            )
            companies[one["key"]] = company
        return companies

    def _person(self, told: dict[str, Any]) -> Person:
        person = Person.objects.create(
            email=told["email"].lower(),
            name=told["name"],
            phone=told.get("phone", ""),
            language=told["language"],
            time_zone=told["time_zone"],
            password=self.password,
        )
        self.people[told["key"]] = person
        return person

    def _staff(
        self, told: dict[str, Any], partners: dict[str, Partner], teams: dict[str, Team]
    ) -> None:
        person = self._person(told)
        partner = partners.get(told.get("partner", ""))
        staff = Staff.objects.create(person=person, level=told["level"], partner=partner)
        person.staff = staff
        for key in told["departments"]:
            self.departments[key].agents.add(staff)
        for key in told["teams"]:
            teams[key].members.add(staff)
        self.sign_ins.append((person.email, f"{told['name']}, {told['level']}, {told['language']}"))
        if told["level"] == "administrator":
            self.any_agent = told["key"]

    def _customer(self, told: dict[str, Any], companies: dict[str, Company]) -> None:
        person = self._person(told)
        company = companies.get(told.get("company", ""))
        person.customer = Customer.objects.create(
            person=person, company=company, sees_company=bool(told.get("sees_company"))
        )
        shown = [what for _email, what in self.sign_ins if what.startswith("customer")]
        if not any(what.endswith(told["language"]) for what in shown):
            self.sign_ins.append((person.email, f"customer: {told['name']}, {told['language']}"))

    def _project(
        self, told: dict[str, Any], companies: dict[str, Company], partners: dict[str, Partner]
    ) -> None:
        project = Project.objects.create(
            identifier=told["identifier"],
            name=told["name"],
            owner=self.people[told["owner"]],
            company=companies.get(told.get("company", "")),
            partner=partners.get(told.get("partner", "")),
            created_at=clock.now() - timedelta(days=90 + 11 * len(self.projects)),
        )
        project.members.add(*(self.people[key] for key in told["members"]))
        self.projects[told["key"]] = project
