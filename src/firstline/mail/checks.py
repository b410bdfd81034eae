"""Checks of forwarding: how each one stands, step by step, in plain words (cap 147-148, product 7.2)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from firstline.mail import check_words, reasons
from firstline.mail.check_words import Tone
from firstline.mail.mime.parse import Attachment
from firstline.mail.models import BoxCheck, OutgoingMail

CHECK = "check"  # the kind of the letter: it goes to an address of our own, whatever it did before
PATIENCE = timedelta(minutes=10)
CODE = re.compile(r"\bFL-([0-9a-f]{20})\b")
# Letters that wrong character sets spoil, of each language of the desk.
WORDS = {
    "ru": "Съешь ещё ёлку, щука",
    "bg": "Жълъдът, щъркелът и ѝ",
    "en": "Naïve café, “quotes” and №1",
}
ENCLOSURE = "проверка.txt"


class State(StrEnum):
    """How a check stands. The last three are those of a letter that came back."""

    QUEUED = "queued"
    UNSENT = "unsent"
    KEPT = "kept"
    WAITING = "waiting"
    LATE = "late"
    BOUNCED = "bounced"
    FINE = "fine"
    CHANGED = "changed"
    DAMAGED = "damaged"


RUNNING = {State.QUEUED, State.WAITING}
WORKS = {State.FINE, State.CHANGED}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a check: what happened, when, and what to do about it."""

    tone: str
    text: str
    advice: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A check as its page and the API show it."""

    check: BoxCheck
    state: State
    steps: list[Step]

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING

    @property
    def mark(self) -> str:
        """Another one as soon as there is something new to read."""
        return f"{self.state}-{len(self.steps)}"

    @property
    def works(self) -> bool:
        return self.state in WORKS


def header_id(code: str) -> str:
    """The Message-ID of the letter with this code."""
    return f"<{code}@{settings.MAIL_DOMAIN}>"


def subject_of(code: str) -> str:
    """The subject of the letter: in three languages, whoever reads it."""
    return f"FL-{code} Проверка пересылки · Проверка на препращането · Forwarding café"


def link_of(code: str) -> str:
    """The link in the letter: whoever rewrites links rewrites this one, too."""
    return f"{settings.PUBLIC_URL}/?check={code}"


def enclosure_of(code: str) -> bytes:
    """The file that goes with the letter."""
    return "\r\n".join([f"FL-{code}", *WORDS.values(), ""]).encode()


def enclosure(mail: OutgoingMail) -> Attachment:
    """The file of a letter, made from its code."""
    content = enclosure_of(CODE.findall(mail.subject)[0])
    return Attachment(ENCLOSURE, "text/plain", content, inline=False, content_id="")


def states_of(checks: Iterable[BoxCheck]) -> dict[int, State]:
    """How each of these checks stands, by its id, in one query."""
    found = list(checks)
    letters = _letters(found)
    return {one.pk: _state(one, letters.get(one.code)) for one in found}


def reports_of(checks: Iterable[BoxCheck]) -> list[Report]:
    """The same with all steps, in the order of the checks."""
    found = list(checks)
    letters = _letters(found)
    return [_report(one, letters.get(one.code)) for one in found]


def _letters(checks: list[BoxCheck]) -> dict[str, OutgoingMail]:
    codes = {header_id(one.code): one.code for one in checks}
    mails = OutgoingMail.objects.filter(header_id__in=codes).defer("text", "html")
    return {codes[mail.header_id]: mail for mail in mails}


def _state(check: BoxCheck, mail: OutgoingMail | None) -> State:
    if check.arrived_at is not None:
        tones = {check_words.tone_of(step) for step, _detail in check.findings}
        if Tone.BAD in tones:
            return State.DAMAGED
        return State.CHANGED if Tone.WARN in tones else State.FINE
    if mail is None or mail.state == OutgoingMail.State.WAITING:
        return State.QUEUED
    if mail.state == OutgoingMail.State.PARKED:
        return State.BOUNCED if mail.sent_at else State.UNSENT
    if not mail.server:
        return State.KEPT
    is_late = mail.sent_at is not None and timezone.now() > mail.sent_at + PATIENCE
    return State.LATE if is_late else State.WAITING


def _report(check: BoxCheck, mail: OutgoingMail | None) -> Report:
    state = _state(check, mail)
    steps = [*_out(check, mail, state), *_back(check, state)]
    return Report(check, state, steps)


def _out(check: BoxCheck, mail: OutgoingMail | None, state: State) -> list[Step]:
    """The way out: written, and taken by a server or not."""
    address = {"address": check.address}
    if mail is None or state == State.QUEUED:
        if mail is not None and mail.problem:
            text = _("The letter waits and is tried again: %(problem)s.")
            said = {"problem": reasons.plain(mail.problem)}
            return [Step(Tone.WARN, text % said, check_words.advice("unsent"), check.created_at)]
        text = _("The letter to %(address)s is being sent.")
        return [Step(Tone.WAIT, text % address, at=check.created_at)]
    said = {"problem": reasons.plain(mail.problem)}
    if state == State.UNSENT:
        text = _("The letter was not sent: %(problem)s.")
        return [Step(Tone.BAD, text % said, check_words.advice("unsent"), check.created_at)]
    if state == State.KEPT:
        text = _("The letter was not sent, but kept as a file: no mail server is set.")
        return [Step(Tone.BAD, text, check_words.advice("kept"), mail.sent_at)]
    sent = Step(Tone.GOOD, _("The letter to %(address)s was sent.") % address, at=mail.sent_at)
    text = _("The mail server %(server)s accepted it.") % {"server": mail.server}
    steps = [sent, Step(Tone.GOOD, text, at=mail.sent_at)] if mail.server else [sent]
    if state == State.BOUNCED:
        text = _("It came back as undeliverable: %(problem)s.") % said
        steps.append(Step(Tone.BAD, text, check_words.advice("bounced")))
    return steps


def _back(check: BoxCheck, state: State) -> list[Step]:
    """The way back: how long it took, and what was found out."""
    if state == State.WAITING:
        most = {"minutes": int(PATIENCE.total_seconds() // 60)}
        text = _("Waiting for it at the department's address, for up to %(minutes)s minutes.")
        return [Step(Tone.WAIT, text % most)]
    if state == State.LATE:
        most = {"minutes": int(PATIENCE.total_seconds() // 60)}
        text = _("It has not come back within %(minutes)s minutes.") % most
        return [Step(Tone.BAD, text, check_words.advice("late"))]
    if check.arrived_at is None:
        return []
    seconds = max(
        0, round((check.arrived_at - (check.sent_at or check.created_at)).total_seconds())
    )
    text = _("It came back after %(seconds)s s.") % {"seconds": seconds}
    steps = [Step(Tone.GOOD, text, at=check.arrived_at)]
    for step, detail in check.findings:
        said = check_words.sentence(step, detail)
        if said:
            steps.append(Step(check_words.tone_of(step), said, check_words.advice(step)))
    return steps
