"""Tell the story to an empty desk, through the same verbs that people use."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from firstline.base import clock
from firstline.base.db import atomic
from firstline.cli.demo import receipts
from firstline.cli.demo.people import Cast
from firstline.cli.demo.pictures import content_of
from firstline.cli.demo.portals import open_doors
from firstline.cli.demo.records import Records
from firstline.events import relay
from firstline.people.access import Actor, actor_of, as_customer
from firstline.search import index
from firstline.tickets.actions.alert import alert
from firstline.tickets.actions.between import between
from firstline.tickets.actions.claim import claim
from firstline.tickets.actions.comment import comment
from firstline.tickets.actions.hand_over import hand_over
from firstline.tickets.actions.move import close, move
from firstline.tickets.actions.note import note
from firstline.tickets.actions.open import Fields, open_ticket
from firstline.tickets.actions.reply import reply
from firstline.tickets.actions.resolve import resolve
from firstline.tickets.messages import Draft, Enclosure
from firstline.tickets.models import Ticket
from firstline.tickets.models.ticket import Priority

VERBS: dict[str, Callable[..., object]] = {
    "between": between,
    "comment": comment,
    "hidden": note,
    "out": reply,
}
OVER = {"resolved", "closed"}
FOLDER = Path(__file__).parent / "story"


class Story:
    """The demo desk's story, told once."""

    def __init__(self, password: str) -> None:
        self.password = make_password(password)
        self.now = timezone.now()

    def load(self, say: Callable[[str], None]) -> list[tuple[str, str]]:
        """Load everything in one transaction; returns (address, what they are) of who can sign in."""
        with atomic(), relay.quiet():
            self.cast = Cast.make(read("people"), read("desk"), self.password)
            open_doors(self._staff(self.cast.any_agent), read("portals"), self.cast.departments)
            self.records = Records.make(read("records"), self.cast.companies)
            tickets = [
                ticket
                for path in sorted(FOLDER.glob("tickets-*.json"))
                for ticket in read(path.stem)
            ]
            tickets += read("alerts")
            tickets.sort(key=lambda ticket: -float(ticket["age_hours"]))
            made = [self._alert(one) if "title" in one else self._ticket(one) for one in tickets]
        say(f"  {len(made)} tickets, preparing the search …")
        index.reindex_many([ticket.pk for ticket in made])
        return self.cast.sign_ins

    def _ticket(self, told: dict[str, Any]) -> Ticket:
        moment = self.now - timedelta(hours=float(told["age_hours"]))
        first, *rest = told["messages"]
        with clock.at(moment):
            ticket = self._open(told, first)
        given = told.get("handed_over")
        responsible = given["by"] if given else told.get("responsible")
        if responsible:
            with clock.at(moment + timedelta(minutes=3)):
                claim(self._staff(responsible), ticket, via="web")
        ends_by_answer = told["status"] in OVER
        # the answer that ends a ticket resolves it, unless the customer still says thank you
        spoken = [place for place, one in enumerate(rest) if one["kind"] in {"in", "out"}]
        final = spoken[-1] if spoken and rest[spoken[-1]]["kind"] == "out" else None
        for place, message in enumerate(rest):
            if given and self._is_platforms(message):
                with clock.at(min(moment + timedelta(minutes=2), self.now)):
                    self._hand_over(ticket, told)
                given = None
            moment = min(moment + timedelta(minutes=float(message["after_minutes"])), self.now)
            with clock.at(moment):
                self._say(ticket, message, told, resolves=ends_by_answer and place == final)
        with clock.at(min(moment + timedelta(minutes=5), self.now)):
            self._end(ticket, told)
        return ticket

    def _is_platforms(self, message: dict[str, Any]) -> bool:
        """Whether one of the platform's own staff says this."""
        staff = getattr(self.cast.people[message["by"]], "staff", None)
        return staff is not None and staff.partner_id is None

    def _hand_over(self, ticket: Ticket, told: dict[str, Any]) -> None:
        """From the partner's line to the platform's, where somebody takes it at once."""
        given = told["handed_over"]
        hand_over(self._staff(given["by"]), ticket, given["reason"], via="web")
        claim(self._staff(told["responsible"]), ticket, via="web")

    def _alert(self, told: dict[str, Any]) -> Ticket:
        """A ticket that staff started, with what followed."""
        moment = self.now - timedelta(hours=float(told["age_hours"]))
        project, staff = self.cast.projects[told["project"]], self._staff(told["by"])
        with clock.at(moment):
            ticket = alert(
                staff,
                project,
                told["type"],
                told["title"],
                self._draft(told),
                via="web",
                acknowledge_by=receipts.deadline(told, moment),
            )
        receipts.read(told, ticket, moment, self.cast.people)
        until = receipts.deadline(told, moment)
        for message in told.get("messages", ()):
            moment += timedelta(minutes=float(message["after_minutes"]))
            writer = self.cast.people[message["by"]]
            is_staff = message["kind"] == "out"
            actor = actor_of(writer) if is_staff else as_customer(writer)
            with clock.at(moment):
                reply(actor, ticket, self._draft(message), via="web" if is_staff else "portal")
        receipts.pass_time(ticket, until, self.now)
        if told.get("closed"):
            with clock.at(moment + timedelta(minutes=5)):
                close(as_customer(project.owner), ticket, via="portal")
        return ticket

    def _open(self, told: dict[str, Any], first: dict[str, Any]) -> Ticket:
        requester = self.cast.people[told["requester"]]
        by_phone = told["channel"] == "phone" and told.get("responsible")
        actor = actor_of(requester) if requester.level else as_customer(requester)
        if by_phone:
            actor = self._staff(told["responsible"])
        fields = Fields(
            subject=told["subject"],
            department=self.cast.departments[told["department"]],
            requester=requester,
            project=self.cast.projects.get(told.get("project", "")),
            type=self.cast.types.get(told.get("type", "")),
            level=self.cast.levels[told["level"]],
            category=told["category"],
            priority=Priority[told["priority"].upper()],
            callback_name=told.get("callback_name", ""),
            callback_phone=told.get("callback_phone", ""),
            **self.records.facts(told),
            tags=tuple(told.get("tags", ())),
        )
        return open_ticket(actor, fields, self._draft(first), via=told["channel"])

    def _say(
        self, ticket: Ticket, message: dict[str, Any], told: dict[str, Any], *, resolves: bool
    ) -> None:
        draft, kind = self._draft(message), message["kind"]
        if kind == "in":
            via = told["channel"] if told["channel"] in {"mail", "portal"} else "mail"
            reply(as_customer(self.cast.people[told["requester"]]), ticket, draft, via=via)
            return
        verb = VERBS[kind]
        if resolves and told["status"] in OVER:
            verb = resolve
        verb(self._staff(message["by"]), ticket, draft, via="web")

    def _end(self, ticket: Ticket, told: dict[str, Any]) -> None:
        """Bring the ticket to the status that the story says it has."""
        wanted, now = (
            told["status"].replace("_", "-"),
            Ticket.objects.select_related("status").get(pk=ticket.pk),
        )
        if now.status.key == wanted:
            return
        staff = self._staff(told.get("responsible") or self.cast.any_agent)
        if wanted in OVER:
            if now.status.workflow.key == "service" and now.phase != "resolved":
                # their last words were thanks, and they say so by closing it
                close(as_customer(self.cast.people[told["requester"]]), ticket, via="portal")
            if wanted == "closed":
                close(staff, ticket, via="web")
            return
        until = self.now + timedelta(hours=float(told.get("pending_in_hours", 48)))
        move(staff, ticket, wanted, via="web", until=until)

    def _staff(self, key: str) -> Actor:
        return actor_of(self.cast.people[key])

    def _draft(self, message: dict[str, Any]) -> Draft:
        files = [Enclosure(file["name"], content_of(file)) for file in message.get("files", ())]
        return Draft(text=message["text"], quote=message.get("quote", ""), files=files)


def read(name: str) -> Any:
    """One file of the story."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
