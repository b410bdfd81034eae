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
    r"(?:[-+=._][^@]*)?@.*|postmaster",
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
_MESSAGE_ID = re.compile(r"^[ \t>|]{0,4}Message-ID:\s{0,4}(<[^<>\s]{3,400}>)", re.IGNORECASE | re.M)
_FAILING_LINE = re.compile(r"^.{0,200}(?:\b[45]\d\d[ -]|\b[45]\.\d\.\d).{0,300}$", re.MULTILINE)
_DELAYED = re.compile(r"delayed|warning|still being retried|not yet been delivered", re.IGNORECASE)
_RETURNED = {"message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"}


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
    the many forms older than them). `null_sender`: it came from `<>`."""
    kind = mail.headers.get("content-type", ("",))[0].lower()
    if "report-type=" in kind and "disposition-notification" not in kind:
        return True
    if "x-failed-recipients" in mail.headers or any(
        file.content_type in ("message/delivery-status", "message/feedback-report")
        for file in mail.attachments
    ):
        return True
    start = mail.text[:_READ]
    told = bool(_TEXT.search(start))
    said = bool(_SUBJECT.search(mail.subject)) and not _ANSWER.match(mail.subject)
    if is_daemon(mail):
        return said or told or bool(_CODE.search(start))
    if mail.headers.get("auto-submitted", ("",))[0].lower().startswith("auto-replied"):
        return False  # someone's answering machine, even where its text speaks of a full mailbox
    if null_sender:
        return said or told
    machine = "precedence" in mail.headers or "x-autogenerated" in mail.headers
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
    writers += [value.strip("<> ") for value in mail.headers.get("return-path", ())]
    return any(pattern.fullmatch(writer) for writer in writers if writer)


def read_bounce(raw: bytes, mail: Mail | None = None) -> Bounce | None:
    """What a bounce tells; None when the mail is no bounce or cannot be read.

    First the report made for machines (RFC 3464), then what flufl.bounce knows of other forms.
    `mail`: the same bytes, where they have been parsed already.
    """
    try:
        mail = mail or parse(raw)
    except Unreadable:
        return None
    null_sender = any(not value.strip("<> ") for value in mail.headers.get("return-path", ()))
    if not is_bounce(mail, null_sender=null_sender):
        return None
    parts = [part for part in read_tree(raw).walk() if not part.is_multipart()]
    report = _report(parts)
    if report is None:
        report = _by_form(raw, mail)
    recipients, permanent, diagnostic = report
    returned = _returned(parts)
    if not recipients and len(boxes := read(unfold(returned.raw("to")))) == 1:
        recipients = tuple(filter(None, (boxes[0].email,)))
    return Bounce(recipients, _original_id(returned, mail, raw), permanent, diagnostic)


def _report(parts: list[Part]) -> tuple[tuple[str, ...], bool, str] | None:
    """Recipients, permanence and reason of a delivery-status part (RFC 3464 2.3)."""
    for part in parts:
        if part.kind not in ("message/delivery-status", "message/global-delivery-status"):
            continue
        groups = re.split(rb"\r?\n[ \t]*\r?\n", content_of(part)[:_SCANNED].strip(b"\r\n"))
        fields = [dict(reversed(read_fields(group + b"\r\n").fields())) for group in groups]
        failed = [group for group in map(_texts, fields) if _has_failed(group)]
        recipients = tuple(dict.fromkeys(filter(None, map(_recipient, failed))))
        if recipients:
            reasons = (group.get("diagnostic-code") or group.get("status", "") for group in failed)
            permanent = any(not group.get("status", "5").startswith("4") for group in failed)
            permanent &= any(group.get("action", "failed") != "delayed" for group in failed)
            return recipients, permanent, next(filter(None, reasons), "")[:_DIAGNOSTIC]
    return None


def _texts(group: dict[str, bytes]) -> dict[str, str]:
    texts = {name: clean(value.decode("utf-8", "replace")) for name, value in group.items()}
    texts["action"] = texts.get("action", "failed").lower().partition(" ")[0]
    return texts


def _has_failed(group: dict[str, str]) -> bool:
    return "final-recipient" in group and group["action"] in ("failed", "failure", "delayed")


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
    try:
        found = all_failures(email.message_from_bytes(raw[:_SCANNED]))
    except Exception:  # its detectors raise what they like on foreign bytes
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


def _original_id(returned: Part, mail: Mail, raw: bytes) -> str:
    """The Message-ID of the mail that came back: from its header, else as quoted in the body."""
    if match := re.search(rb"<[^<>\s]{3,400}>", returned.raw("message-id")):
        return match[0].decode("utf-8", "replace")
    texts = [mail.text, *(file.content[:_SCANNED].decode("latin-1") for file in mail.attachments)]
    blank = re.search(rb"\n\r?\n", raw)
    texts.append(raw[blank.end() :][:_SCANNED].decode("latin-1") if blank else "")
    for text in texts:
        if found := _MESSAGE_ID.search(text):
            return found[1]
    return next(iter((*mail.in_reply_to, *reversed(mail.references))), "")
