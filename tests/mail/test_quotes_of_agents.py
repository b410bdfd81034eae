"""An agent answers a notice from any mail program in any language: the customer reads the answer alone."""

from collections.abc import Callable, Iterator
from email.message import EmailMessage

import pytest

from firstline.mail.models import AgentAddress
from firstline.people.models import Staff
from firstline.tickets.actions.assign import assign
from firstline.tickets.models import Ticket
from tests.cast import Cast, actor, open_by
from tests.doors import Sink, letter, post
from tests.mail.mime.test_quote_languages import HEADERS
from tests.signed import published, signed

Settle = Callable[[], None]
SAID = "Ответ номер 41."
AGENT = "anna@desk.example"
HEADERS_HERE = {
    **HEADERS,
    "ru-date": "От кого|Дата|Кому|Тема",
    "unknown": "Qani|Foo bar|Tlh|Mu",
}


@pytest.fixture(autouse=True)
def _domain() -> Iterator[None]:
    with published("desk.example"):
        yield


@pytest.fixture
def notice(stage: Cast, sink: Sink, settle: Settle) -> EmailMessage:
    """What Anna was told: the ticket is hers."""
    ticket = open_by(stage.svetlana, stage.hosting)
    assign(actor(stage.supervisor), ticket, Staff.objects.get(pk=stage.anna.pk), via="web")
    settle()
    return sink.to(AGENT)[-1]


def part_of(mail: EmailMessage, kind: str) -> str:
    found = mail.get_body((kind,))
    assert found is not None
    return str(found.get_content())


def fields(language: str, notice: EmailMessage) -> list[tuple[str, str]]:
    names = [name.strip() for name in HEADERS_HERE[language].split("|")]
    values = [f"Desk <{notice['Reply-To']}>", "1.12.2026 15:15", f"Anna <{AGENT}>", "[SR1] x"]
    return list(zip(names, values, strict=True))


def outlook(language: str, notice: EmailMessage, form: str) -> str:
    """The header that Outlook puts over what it answers, in HTML, and the notice below it."""
    escaped = [
        (n, v.replace("<", "&lt;").replace(">", "&gt;")) for n, v in fields(language, notice)
    ]
    head = "<br>".join(f"<b>{name}:</b> {value}" for name, value in escaped)
    block = {
        "web": '<div id="appendonsend"></div><hr style="width:98%">'
        f'<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri">{head}</font></div>',
        "quoted": f'<hr><div id="x_divRplyFwdMsg" dir="ltr"><font>{head}</font></div>',
        "rule": f"<hr><div>{head}</div>",
        "desktop": '<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt">'
        f"<p>{head}</p></div></div>",
    }[form]
    return f"<html><body><div>{SAID}</div>{block}<div>{part_of(notice, 'html')}</div></body></html>"


def said_to(customer: str, sink: Sink, mail: EmailMessage, smtp: int, settle: Settle) -> str:
    """What the customer is written after this mail of the agent."""
    before = len(sink.to(customer))
    post(smtp, signed(mail, "desk.example"), AGENT, str(mail["To"]))
    settle()
    (told,) = sink.to(customer)[before:]
    message = Ticket.objects.get().messages.get(kind="out")
    assert (message.text, message.quote, message.html) == (SAID, "", "")
    return told.as_string() + part_of(told, "plain") + part_of(told, "html")


def check(told: str, notice: EmailMessage) -> None:
    assert SAID in told
    token = AgentAddress.objects.get().token
    for leaked in (AGENT, token, "#-#-#", "15:15", "#claim", "<hr"):
        assert leaked not in told


def answer(notice: EmailMessage, text: str, html: str = "") -> EmailMessage:
    mail = letter(AGENT, str(notice["Reply-To"]), f"Re: {notice['Subject']}", text, html=html)
    mail["In-Reply-To"] = str(notice["Message-ID"])
    mail["Message-ID"] = "<of-anna@desk.example>"
    return mail


def answer_in_html(notice: EmailMessage, html: str) -> EmailMessage:
    mail = answer(notice, "")
    mail.set_content(html, subtype="html")
    return mail


@pytest.mark.parametrize("language", HEADERS_HERE)
def test_outlook_in_html(
    language: str, stage: Cast, notice: EmailMessage, smtp: int, sink: Sink, settle: Settle
) -> None:
    mail = answer_in_html(notice, outlook(language, notice, "web"))
    check(said_to(stage.svetlana.email, sink, mail, smtp, settle), notice)


@pytest.mark.parametrize("form", ["quoted", "rule", "desktop"])
@pytest.mark.parametrize("language", ["uk", "sv", "unknown"])
def test_other_forms_of_outlook(
    language: str,
    form: str,
    stage: Cast,
    notice: EmailMessage,
    smtp: int,
    sink: Sink,
    settle: Settle,
) -> None:
    mail = answer_in_html(notice, outlook(language, notice, form))
    check(said_to(stage.svetlana.email, sink, mail, smtp, settle), notice)


@pytest.mark.parametrize("rule", ["_" * 32 + "\n", ""])
@pytest.mark.parametrize("language", ["uk", "sv", "fr", "ja", "ru-date", "unknown"])
def test_outlook_in_plain_text(
    language: str,
    rule: str,
    stage: Cast,
    notice: EmailMessage,
    smtp: int,
    sink: Sink,
    settle: Settle,
) -> None:
    head = "\n".join(f"{name}: {value}" for name, value in fields(language, notice))
    text = f"{SAID}\n\n{rule}{head}\n\nDesk\n{part_of(notice, 'plain')}"
    check(said_to(stage.svetlana.email, sink, answer(notice, text), smtp, settle), notice)


@pytest.mark.parametrize(
    "line",
    [
        "Den fredag 5 juni 2026 15:15:33 CEST skrev Desk <desk@desk.example>:",
        "Le vendredi 5 juin 2026 à 15:15, Desk <desk@desk.example> a écrit :",
        "Qani 5 tlh 2026 15:15 Desk <desk@desk.example> foo:",
        "Desk (desk@desk.example), 5 Haz 2026, 15:15 tarihinde şunu yazdı:",
        "Вы писали 5 июня 2026 г., 15:15:00:",
    ],
)
@pytest.mark.parametrize("sign", ["> ", ""])
def test_an_attribution(
    line: str,
    sign: str,
    stage: Cast,
    notice: EmailMessage,
    smtp: int,
    sink: Sink,
    settle: Settle,
) -> None:
    below = "\n".join(f"{sign}{one}" for one in part_of(notice, "plain").splitlines())
    text = f"{SAID}\n\n{line}\n\n{below}\n"
    check(said_to(stage.svetlana.email, sink, answer(notice, text), smtp, settle), notice)
