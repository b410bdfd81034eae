"""What the check of a forwarding box can find, how bad that is, and what to do about it."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Tone(StrEnum):
    """How a step is shown; the names are those of the stylesheet."""

    GOOD = "done"
    INFO = "info"
    WAIT = "wait"
    WARN = "soon"
    BAD = "failed"


# What was found, and how it reads; the detail is what a server or the mail said.
FOUND: dict[str, tuple[Tone, Promise]] = {
    "arrived-at": (Tone.GOOD, _("It arrived at %(detail)s.")),
    "elsewhere": (
        Tone.BAD,
        _("That is another department's: %(detail)s would get the tickets."),
    ),
    "public-kept": (
        Tone.GOOD,
        _("It still says that it was written to %(detail)s: answers go out from there."),
    ),
    "public-traced": (
        Tone.GOOD,
        _("Servers on the way noted that it was written to %(detail)s: answers go out from there."),
    ),
    "public-lost": (
        Tone.WARN,
        _(
            "Nothing in it says any more that it was written to the public address: answers would"
            " go out from the department's own."
        ),
    ),
    "to-changed": (Tone.WARN, _("The recipient in its header was changed to %(detail)s.")),
    "from-changed": (
        Tone.BAD,
        _(
            "The sender was changed to %(detail)s: all tickets would be opened in that name, and"
            " customers would get no answer."
        ),
    ),
    "subject-kept": (Tone.GOOD, _("The subject is unchanged, Cyrillic letters too.")),
    "subject-tagged": (Tone.WARN, _("Something was added to the subject: %(detail)s")),
    "subject-damaged": (Tone.BAD, _("The subject was damaged: %(detail)s")),
    "text-kept": (Tone.GOOD, _("The text is unchanged in all three languages.")),
    "text-added": (Tone.WARN, _("Something was added to the text: %(detail)s")),
    "text-changed": (Tone.WARN, _("The text was changed, but every letter can be read.")),
    "text-damaged": (Tone.BAD, _("Letters of the text were lost. It reads now: %(detail)s")),
    "recoded": (
        Tone.INFO,
        _("A server on the way wrote the text anew, in the character set %(detail)s."),
    ),
    "links-rewritten": (Tone.WARN, _("Links were rewritten: %(detail)s")),
    "links-lost": (Tone.WARN, _("The link was taken out of the text.")),
    "file-kept": (Tone.GOOD, _("The attached file is whole, and so is its name.")),
    "file-renamed": (Tone.WARN, _("The attached file is whole, but has another name: %(detail)s")),
    "file-changed": (Tone.BAD, _("The attached file was changed on the way.")),
    "file-lost": (Tone.BAD, _("The attached file was taken off.")),
    "header-lost": (Tone.WARN, _("Fields of the header were lost: %(detail)s.")),
    "header-changed": (Tone.WARN, _("Fields of the header were changed: %(detail)s.")),
    "header-added": (Tone.INFO, _("Fields of the header were added: %(detail)s.")),
    "bulk": (
        Tone.WARN,
        _("It is marked as sent to many (%(detail)s), so nobody gets a confirmation by itself."),
    ),
    "spam": (Tone.WARN, _("A server on the way marked it as spam: %(detail)s")),
    "hops": (Tone.INFO, _("It went through %(detail)s servers.")),
    "spf-good": (Tone.GOOD, _("SPF: %(detail)s.")),
    "spf-bad": (Tone.WARN, _("SPF: %(detail)s.")),
    "dkim-good": (Tone.GOOD, _("DKIM: %(detail)s.")),
    "dkim-bad": (Tone.WARN, _("DKIM: %(detail)s.")),
    "dmarc-good": (Tone.GOOD, _("DMARC: %(detail)s.")),
    "dmarc-bad": (Tone.WARN, _("DMARC: %(detail)s.")),
    "arc-good": (Tone.GOOD, _("ARC: %(detail)s.")),
    "arc-bad": (Tone.WARN, _("ARC: %(detail)s.")),
    "no-proof": (
        Tone.INFO,
        _("No server on the way says what it thinks of SPF, DKIM and DMARC."),
    ),
    "again": (
        Tone.BAD,
        _(
            "It came back once more, %(detail)s times in all: the forwarding goes round or is doubled."
        ),
    ),
}
ADVICE: dict[str, Promise] = {
    "unsent": _(
        "Read what the server says. “User unknown”: the public mailbox does not exist. “Relay”,"
        " “authentication”: see the outgoing server in FIRSTLINE_EMAIL_URL."
    ),
    "kept": _("Set FIRSTLINE_EMAIL_URL and restart; until then the desk sends nothing at all."),
    "bounced": _(
        "The public address refuses mail or its forwarding does. Make sure that the mailbox exists,"
        " that the target is written without a mistake, and that its server may pass mail on."
    ),
    "late": _(
        "Likely causes: the forwarding is not switched on, or its target was never confirmed (Gmail"
        " and Microsoft 365 send a confirmation first: it stands among the tickets or the mails not"
        " understood); the letter lies in the spam folder of the public mailbox; a server asks"
        " senders to come back later (greylisting, up to an hour); the forwarding leads in a circle;"
        " a server on the way refuses it for SPF. If it still comes, this page says so."
    ),
    "elsewhere": _("Let the forwarding lead to the address under “Incoming box”."),
    "public-lost": _("Choose “redirect” or “alias” in the panel, not “forward as a new message”."),
    "to-changed": _("Choose “redirect” or “alias” in the panel, not “forward as a new message”."),
    "from-changed": _(
        "Set up a redirect or an alias on the server in place of a rule that forwards as a new"
        " message: only that keeps who wrote."
    ),
    "subject-tagged": _("Switch off the rule or the mailing list that marks subjects."),
    "subject-damaged": _(
        "A server on the way does not know UTF-8. Let the address be an alias on the server, not a"
        " program or a rule that writes the mail anew."
    ),
    "text-damaged": _(
        "A server on the way does not know UTF-8. Let the address be an alias on the server, not a"
        " program or a rule that writes the mail anew."
    ),
    "text-added": _("Switch off the disclaimer or signature that the server adds to each mail."),
    "links-rewritten": _(
        "A protection rewrites links. Make an exception for this address, or customers' links will"
        " lead elsewhere."
    ),
    "links-lost": _("A protection takes links out. Make an exception for this address."),
    "file-renamed": _("A server on the way spoils the names of files; nothing is lost by it."),
    "file-changed": _("A filter changes files. Make an exception for this address."),
    "file-lost": _("A filter takes files off. Allow them for this address, or forward before it."),
    "header-lost": _("Answers find their ticket by these fields. Use a redirect or an alias."),
    "header-changed": _("Answers find their ticket by these fields. Use a redirect or an alias."),
    "bulk": _("Use an alias in place of a group or a mailing list."),
    "spam": _("Tell the filter that mail from the desk's domain is wanted."),
    "spf-bad": _(
        "Forwarding breaks SPF unless the server rewrites the envelope sender (SRS). Switch SRS on,"
        " or sign the mails with DKIM, which survives forwarding."
    ),
    "dkim-bad": _(
        "The signature no longer fits: something on the way changed the mail. Take off footers,"
        " subject marks and link protection."
    ),
    "dmarc-bad": _(
        "Strict senders would be refused on this way. Keep mails unchanged, so that their DKIM"
        " signature holds, or switch on SRS and ARC."
    ),
    "arc-bad": _("A server on the way broke the seal of an earlier one; ask its provider."),
    "again": _(
        "Look for two rules that forward the same address, for a copy kept in a second mailbox that"
        " is forwarded too, and for a target that leads back."
    ),
}


def tone_of(step: str) -> Tone:
    """How good or bad this is."""
    return FOUND[step][0] if step in FOUND else Tone.INFO


def sentence(step: str, detail: str) -> str:
    """What was found, in the reader's language; "" for a step that needs no words."""
    return str(FOUND[step][1]) % {"detail": detail.rstrip(".")} if step in FOUND else ""


def advice(step: str) -> str:
    """How to put it right, "" where nothing is to be done."""
    return str(ADVICE.get(step, ""))
