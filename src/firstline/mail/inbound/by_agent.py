"""An agent answers by mail: their own words and commands, done with their rights of this moment.

Only if the mail is proven, the address theirs and From theirs (C4, C5); anything else is kept for
staff of their line, and nothing is done. Of the mail only what stands above its first quote is used:
what it quotes may be internal.
"""

from django.core.exceptions import ValidationError

from firstline.base.db import atomic
from firstline.mail import agents
from firstline.mail.inbound import commands
from firstline.mail.inbound.placed import Placed
from firstline.mail.mime import identity, quotes_html
from firstline.mail.mime.loops import Nature
from firstline.mail.mime.parse import Mail
from firstline.mail.models import AgentAddress, Outcome
from firstline.mail.proof import Word
from firstline.people.access import Actor, Forbidden, NotFound, actor_of
from firstline.people.models import Person
from firstline.tickets import workflow
from firstline.tickets.actions.claim import Closed, TakenBy, claim
from firstline.tickets.actions.move import close, move
from firstline.tickets.actions.note import note
from firstline.tickets.actions.refuse import refuse
from firstline.tickets.actions.reply import reply
from firstline.tickets.actions.resolve import resolve
from firstline.tickets.ended import AlreadyResolved
from firstline.tickets.family import end_of, family
from firstline.tickets.messages import Draft, Enclosure
from firstline.tickets.models import Message, Ticket
from firstline.tickets.workflow import AnswerNeeded, MoveRefused, TimeNeeded

NESTED = ("message/", "text/rfc822-headers")  # what the mail answers may hang at it as a file


class NotDone(Exception):
    """Nothing was done; the word says why, `detail` what it was about."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(why)
        self.why, self.detail = why, detail


def take(address: AgentAddress, who: Person, mail: Mail, nature: Nature, placed: Placed) -> Placed:
    """Do what the mail says, or keep it with the reason why not."""
    ticket = end_of(address.ticket)
    placed.note("agent-address", ticket.number)
    try:
        _check(address, ticket, who, nature, mail, placed)
        with atomic():
            message = _obey(actor_of(who), ticket, mail)
        placed.note("agent-answered", ticket.number)
    except NotDone as problem:
        message = _keep(address, ticket, mail, placed, problem)
    placed.outcome, placed.ticket, placed.message = Outcome.JOINED, ticket, message
    return placed


def _check(
    address: AgentAddress,
    ticket: Ticket,
    who: Person,
    nature: Nature,
    mail: Mail,
    placed: Placed,
) -> None:
    """Raise NotDone unless the owner of the address wrote this, and may answer now."""
    if nature == Nature.AUTO_REPLY:
        raise NotDone("automatic")
    if who.pk != address.person_id:
        raise NotDone("not-theirs", who.email)
    if placed.word != Word.PROVEN or not mail.message_id:
        raise NotDone("unproven")
    if not agents.may_answer(actor_of(who), ticket):
        raise NotDone("no-right")
    said = Message.objects.filter(ticket__in=family(ticket), author=who)
    if said.filter(header_id=mail.message_id[:998]).exists():
        raise NotDone("repeated")


def _obey(actor: Actor, ticket: Ticket, mail: Mail) -> Message | None:
    """All that the mail says, or nothing of it: raises NotDone."""
    try:
        wanted = commands.read(quotes_html.own_text(mail.text, mail.html))
        if not wanted.commands and not wanted.text:
            raise NotDone("empty")
        return _act(actor, ticket, wanted, _draft(mail, wanted.text))
    except commands.Unknown as problem:
        raise NotDone("unknown-command", str(problem)) from problem
    except Closed as problem:
        raise NotDone("closed") from problem
    except AlreadyResolved as problem:
        raise NotDone(f"already-{problem.phase}", problem.who) from problem
    except AnswerNeeded as problem:
        raise NotDone("answer-needed") from problem
    except TakenBy as problem:
        raise NotDone("taken", problem.person.display_name) from problem
    except (MoveRefused, TimeNeeded) as problem:
        raise NotDone("no-move") from problem
    except (Forbidden, NotFound) as problem:
        raise NotDone("no-right") from problem
    except ValidationError as problem:
        raise NotDone("invalid", " ".join(problem.messages)[:300]) from problem


def _act(actor: Actor, ticket: Ticket, wanted: commands.Wanted, draft: Draft) -> Message | None:
    """The same actions as on the page of the ticket, in the order in which a person presses them."""
    todo, message = wanted.commands, None
    if "claim" in todo:
        claim(actor, ticket, via="mail")
    if wanted.text and "note" not in todo and todo.get("status") in workflow.resolved_keys(ticket):
        todo = {**todo, "resolve": todo["status"]}
        del todo["status"]
    if "note" in todo and "resolve" in todo:
        raise NotDone("empty")  # resolving is an answer, and a hidden comment is none
    if "note" in todo:
        message = note(actor, ticket, draft, via="mail")
    elif "resolve" in todo:
        message = resolve(actor, ticket, draft, via="mail")
    elif wanted.text:
        draft.check()
        message = reply(actor, ticket, draft, via="mail")
    if "status" in todo:
        move(actor, ticket, todo["status"], via="mail")
    if "close" in todo:
        close(actor, ticket, via="mail")
    return message


def _draft(mail: Mail, text: str) -> Draft:
    """The agent's words and files; neither HTML nor quote, which hold what they were told."""
    files = [
        Enclosure(one.name, one.content)
        for one in mail.attachments
        if not one.inline
        and not one.content_type.lower().startswith(NESTED)
        and not one.name.lower().endswith((".eml", ".msg"))
    ]
    return Draft(text=text, header_id=mail.message_id, files=files)


def _keep(
    address: AgentAddress, ticket: Ticket, mail: Mail, placed: Placed, problem: NotDone
) -> Message:
    placed.note(f"agent-{problem.why}", problem.detail)
    read = identity.reading(mail) | {"proof": placed.proof, "refused": problem.why}
    draft = Draft(text=mail.text, reading=read)
    named = f"{mail.sender.name} <{mail.sender.email}>"
    return refuse(ticket, address.person, named, draft, problem.why, problem.detail)
