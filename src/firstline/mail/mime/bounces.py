"""Mail that came back: is this one, whose mailbox failed, and which of our mails it was."""

import email
import re
from dataclasses import dataclass

from flufl.bounce import all_failures

from .addresses import read, valid
from .headers import clean, unfold
from .parse import Mail, Unreadable, parse
from .transfer import content_of
from .tree import Part, read_fields
from .tree import read as read_tree

_READ = 16 * 1024
_SCANNED = 256 * 1024
_DIAGNOSTIC = 500

_DAEMON = re.compile(
    r'"?(?:mailer[-_.]?daemon|mail[-_.]?daemon|mdaemon|mmdf|mail[-_.]?delivery|system administrator'
    r"|(?:mail[-_.]?)?delivery[-_.]?(?:system|subsystem|status)|e500_smtp_mail_service|imss|ndr"
    r"|\w*(?:antivirus|anti-virus|scanmail|interscan)\w*)"
    r'(?:[-+=._][^@]*)?"?(?:@.*)?|prvs=\w+=ndr@.*',
    re.IGNORECASE,
)
_PERHAPS_DAEMON = re.compile(
    r"(?:postmaster|bounces?|undeliverable|abuse|mail|mailserver|administrator|admin|root|no-?reply)"
    r"(?:[-+=._\\][^@]*)?@.*|postmaster",
    re.IGNORECASE,
)
_DAEMON_NAME = re.compile(
    r"mail(?:er)?[-_. ]?daemon|(?:mail|message) (?:delivery|administrator|transfer|router|system)"
    r"|delivery (?:sub)?system|system ?administrator|internet mail",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"undeliver|not deliver|(?:non|un)-?deliver|deliver[yi].{0,40}(?:fail|status|delay|problem|error"
    r"|report|unsuccess|notification|impossible|unable)|fail(?:ed|ure)?.{0,20}(?:mail|deliver|notice"
    r"|message|recipient)|(?:mail|message).{0,40}(?:could not|cannot|error|failed|failure|warning"
    r"|status notification|was not|delayed|not sent|rejected)|error.{0,20}(?:mail|message|deliver)"
    r"|return(?:ed|ing) (?:mail|message|to sender)|(?:mail|message) returned|rejected|bounce"
    r"|mail.?box (?:full|unavailable)|user unknown|unknown user|could not send|failure notice|dsn:"
    r"|\bndn\b|warning: |unzustellbar|zustell|non remis|échec|devuelt|mancata consegna"
    r"|не\s?доставл|недоставл|доставк|недоставен|配信|エラー|退信|传输失败",
    re.IGNORECASE,
)
_TEXT = re.compile(
    r"(?:could not|cannot|couldn't|can't|unable to|was not|not able to|failed to|has not been"
    r"|wasn't|did not|not yet been) (?:be )?(?:deliver|sen[dt]|reach|relay)|undeliver"
    r"|delivery (?:has )?failed|trouble delivering|delivery to the following|fatal errors?"
    r"|permanent(?:ly)? (?:error|fail)|user unknown|unknown (?:user|recipient)|no such user"
    r"|mailbox (?:is )?(?:full|unavailable)|full mailbox|quota exceeded|over quota|returned mail"
    r"|recipient (?:address )?rejected|unrouteable|host unknown|non-delivery|не доставлено",
    re.IGNORECASE,
)
_CODE = re.compile(r"\b[45]\.\d\.\d{1,2}\b|\b[45][0-5]\d[ -]")
# How mail systems begin; a person who asks about such a mail begins with own words.
_OPENING = re.compile(
    r"[\W_]*(?:this message was created automatically by mail delivery|hi\. this is the qmail"
    r"|this is the (?:postfix|mail system|mail delivery)|message from interscan|failed recipients"
    r"|the original message was received at|non-delivery report|delivery has failed to these"
    r"|delivery to the following recipient|this report relates to a message you sent"
    r"|could not deliver message to the following)",
    re.IGNORECASE,
)
_ANSWER = re.compile(r"\s*(?:re|fw|fwd|aw|wg|отн|пр)\s*:", re.IGNORECASE)
_MESSAGE_ID = re.compile(
    r"^[ \t>|*]{0,6}Message-ID[ \t]{0,4}:[*]?\s{0,4}<?([^<>\s@]{1,200}@[^<>\s@]{1,200})",
    re.IGNORECASE | re.MULTILINE,
)
_REPORTS = {
    "message/delivery-status",
    "message/global-delivery-status",
    "message/feedback-report",
}
_FAILING_LINE = re.compile(r"^.{0,200}(?:\b[45]\d\d[ -]|\b[45]\.\d\.\d).{0,300}$", re.MULTILINE)
_DELAYED = re.compile(
    r"delay|warning|still being retried|not yet been delivered|will (?:be retried|retry|keep trying)"
    r"|задерж|отложен|забав|отлага|verzöger|retard|retras|ritard|försen|forsink|opóźni",
    re.IGNORECASE,
)
_RETURNED = {"message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"}


_FAILED = ("failed", "failure", "error", "delayed")
_ARRIVED = ("delivered", "relayed", "expanded")
# What flufl.bounce raises on mails that its detectors did not foresee, such as one without From.
_NOT_FORESEEN = (AttributeError, LookupError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a bounce tells: addresses that failed, the Message-ID of the mail that came back (with
    angle brackets, "" when it does not say), whether trying again is useless, and why."""

    recipients: tuple[str, ...]
    original_message_id: str
    permanent: bool
    diagnostic: str


def is_bounce(mail: Mail, *, null_sender: bool) -> bool:
    """Whether a mail system sent this about a mail that was not delivered (RFC 3464, RFC 5965, and
    the many forms older than them). `null_sender`: it came from `<>`.

    A report is one by its machine-readable part (RFC 3464 2), not by the name it gives itself.
    """
    if "x-failed-recipients" in mail.headers:
        return True
    start = mail.text[:_READ]
    told = bool(_TEXT.search(start))
    said = bool(_SUBJECT.search(mail.subject)) and not _ANSWER.match(mail.subject)
    kind = mail.headers.get("content-type", ("",))[0].lower()
    is_report = "report-type=" in kind and "disposition-notification" not in kind
    if any(file.content_type in _REPORTS for file in mail.attachments):
        # People attach a report to their own mail, or pass it on.
        return is_report or null_sender or said or is_daemon(mail)
    if is_report and null_sender and (said or told):
        return True
    if is_daemon(mail):
        return said or told or bool(_CODE.search(start))
    if _is_answering_machine(mail):
        return False  # someone's answering machine, even where its text speaks of a full mailbox
    if null_sender:
        return said or told
    machine = is_report or "precedence" in mail.headers or "x-autogenerated" in mail.headers
    if said and (told or machine) and _is_from(mail, _PERHAPS_DAEMON):
        return True
    if mail.sender.email.endswith("@sns.amazonaws.com"):
        return "notificationType" in start
    return said and bool(_OPENING.match(start))


def is_daemon(mail: Mail) -> bool:
    """Whether the sender is a mail system, by its mailbox or by the name it gives itself."""
    return _is_from(mail, _DAEMON) or any(
        _DAEMON_NAME.search(sender.name) for sender in mail.from_addresses
    )


def _is_from(mail: Mail, pattern: re.Pattern[str]) -> bool:
    writers = [sender.email or sender.name for sender in (*mail.from_addresses, mail.sender)]
    names = ("from", "return-path")  # as written, too: some are no valid addresses
    writers += [value.strip("<> ") for name in names for value in mail.headers.get(name, ())]
    return any(pattern.fullmatch(writer) for writer in writers if writer)


def read_bounce(
    raw: bytes, mail: Mail | None = None, envelope_sender: str | None = None
) -> Bounce | None:
    """What a bounce tells; None when the mail is no bounce or cannot be read.

    First the report made for machines (RFC 3464), then what flufl.bounce knows of other forms.
    `mail`: the same bytes, where they have been parsed already. `envelope_sender`: MAIL FROM as in
    `loops.nature`; mail from the null sender that returns a mail, header included, is a bounce
    whatever its wording.
    """
    try:
        mail = mail or parse(raw)
    except Unreadable:
        return None
    null_sender = is_null_sender(mail, envelope_sender)
    parts = [part for part in read_tree(raw).walk() if not part.is_multipart()]
    returned = _returned(parts)
    quoted = _quoted_id(returned, mail, raw)
    if not is_bounce(mail, null_sender=null_sender) and not (
        quoted and null_sender and not _is_answering_machine(mail)
    ):
        return None
    report = _report(parts)
    if report is None:
        report = _by_form(raw, mail)
    recipients, permanent, diagnostic = report
    if not recipients and len(boxes := read(unfold(returned.raw("to")))) == 1:
        recipients = tuple(filter(None, (boxes[0].email,)))
    answered = next(iter((*mail.in_reply_to, *reversed(mail.references))), "")
    return Bounce(recipients, quoted or answered, permanent, diagnostic)


def is_null_sender(mail: Mail, envelope_sender: str | None) -> bool:
    """Whether the mail came from `<>`, by the envelope, or where that is not known by Return-Path."""
    if envelope_sender is not None:
        return not envelope_sender.strip("<> ")
    return any(not value.strip("<> ") for value in mail.headers.get("return-path", ()))


def _is_answering_machine(mail: Mail) -> bool:
    return mail.headers.get("auto-submitted", ("",))[0].lower().startswith("auto-replied")


def _report(parts: list[Part]) -> tuple[tuple[str, ...], bool, str] | None:
    """Recipients, permanence and reason of a delivery-status part (RFC 3464 2.3); no recipient and
    nothing permanent where it says that all went well."""
    arrived = False
    for part in parts:
        if part.kind not in ("message/delivery-status", "message/global-delivery-status"):
            continue
        groups = re.split(rb"\r?\n[ \t]*\r?\n", content_of(part)[:_SCANNED].strip(b"\r\n"))
        fields = [dict(reversed(read_fields(group + b"\r\n").fields())) for group in groups]
        told = [*map(_texts, fields)]
        failed = [group for group in told if _has_failed(group)]
        arrived = arrived or any(group["action"] in _ARRIVED for group in told)
        recipients = tuple(dict.fromkeys(filter(None, map(_recipient, failed))))
        if recipients:
            reasons = (group.get("diagnostic-code") or group.get("status", "") for group in failed)
            permanent = any(not group.get("status", "5").startswith("4") for group in failed)
            permanent &= any(group.get("action", "failed") != "delayed" for group in failed)
            return recipients, permanent, next(filter(None, reasons), "")[:_DIAGNOSTIC]
    return ((), False, "") if arrived else None


def _texts(group: dict[str, bytes]) -> dict[str, str]:
    texts = {name: clean(value.decode("utf-8", "replace")) for name, value in group.items()}
    texts["action"] = texts.get("action", "failed").lower().partition(" ")[0]
    return texts


def _has_failed(group: dict[str, str]) -> bool:
    return "final-recipient" in group and group["action"] in _FAILED


def _recipient(group: dict[str, str]) -> str:
    for name in ("original-recipient", "final-recipient"):
        kind, _, address = group.get(name, "").rpartition(";")
        if kind.lower().strip() in ("", "rfc822", "utf-8") and (found := valid(address)):
            return found
    return ""


def _by_form(raw: bytes, mail: Mail) -> tuple[tuple[str, ...], bool, str]:
    """The same from the wording and the header, for mail systems older than the standard."""
    temporary, permanent = _scanned(raw)
    listed = [
        valid(word)
        for value in mail.headers.get("x-failed-recipients", ())
        for word in value.split(",")
    ]
    recipients = tuple(filter(None, dict.fromkeys([*listed, *permanent, *temporary])))
    line = _FAILING_LINE.search(mail.text[:_READ])
    delayed = (
        not permanent and not listed and (bool(temporary) or bool(_DELAYED.search(mail.subject)))
    )
    return recipients[:100], not delayed, clean(line[0])[:_DIAGNOSTIC] if line else ""


def _scanned(raw: bytes) -> tuple[list[str], list[str]]:
    """Addresses that flufl.bounce finds (temporary, permanent), sorted."""
    message = email.message_from_string(raw[:_SCANNED].decode("ascii", "replace"))
    if not message["From"]:  # which a detector takes for granted
        del message["From"]
        message["From"] = "MAILER-DAEMON"
    try:
        found = all_failures(message)
    except _NOT_FORESEEN:
        return [], []
    temporary, permanent = (
        sorted(filter(None, (valid(address.decode("utf-8", "replace")) for address in addresses)))
        for addresses in found
    )
    return temporary, permanent


def _returned(parts: list[Part]) -> Part:
    """The header of the mail that came back; an empty part when the bounce holds none."""
    for part in parts:
        if part.kind in _RETURNED:
            return read_fields(content_of(part)[:_SCANNED])
    return Part()


def _quoted_id(returned: Part, mail: Mail, raw: bytes) -> str:
    """The Message-ID of the mail that came back: from its header, else as quoted in the body."""
    if match := re.search(rb"<[^<>\s]{3,400}>", returned.raw("message-id")):
        return match[0].decode("utf-8", "replace")
    texts = [mail.text, *(file.content[:_SCANNED].decode("latin-1") for file in mail.attachments)]
    blank = re.search(rb"\n\r?\n", raw)
    texts.append(raw[blank.end() :][:_SCANNED].decode("latin-1") if blank else "")
    for text in texts:
        if found := _MESSAGE_ID.search(text):
            return f"<{found[1]}>"
    return ""
