"""Which fields and keys of the API name something that belongs to somebody, and which name nothing."""

from collections.abc import Callable
from typing import Any

from tests.api.alien import Alien

PARTNERS = ("partner_agent", "partner_supervisor")
CUSTOMERS = ("svetlana", "vera")
PLATFORM = ("supervisor", "anna", "observer")
OTHERS = (*PARTNERS, *CUSTOMERS)
# The administrator reaches everything: nothing is foreign to them.
ALL = (*PLATFORM, *PARTNERS, *CUSTOMERS)
TICKET = "/tickets/{number}"
NEW = {"subject": "x", "text": "y", "department": "hosting"}
SAY = {"text": "One moment."}
STAFF = {"email": "n@x.example", "name": "N", "language": "en", "level": "agent"}
NAMES = dict.fromkeys(("ru", "bg", "en"), "Night")
GUEST = {"email": "guest@x.example", "name": "Guest", "language": "en"}
ALERT = {"type": "information", "title": "Works", "text": "At night."}
BOX = {"address": "h@x.example", "host": "imap.x.example", "password": "correct horse"}
MANY = {"numbers": ["{number}"]}

# Method and path, field, the rest of the body or query, what is foreign, to whom, what nobody has.
Rule = tuple[str, str, str, dict[str, Any], Callable[[Alien], Any], tuple[str, ...], Any]
NOBODY, NOTHING = "nobody@nowhere.example", 999_999
RULES: list[Rule] = [
    ("GET", "/tickets", "requester", {}, lambda a: a.customer.email, ALL, NOBODY),
    ("GET", "/tickets", "responsible", {}, lambda a: a.agent.email, ALL, NOBODY),
    ("GET", "/tickets", "responsible", {}, lambda _a: "anna@desk.example", OTHERS, NOBODY),
    ("GET", "/alerts", "project", {}, lambda a: a.project.identifier, OTHERS, "none"),
    ("POST", "/tickets", "requester", NEW, lambda a: a.customer.email, OTHERS, NOBODY),
    ("POST", "/tickets", "requester", NEW, lambda _a: "zlata@zarnitsa.example", OTHERS, NOBODY),
    ("POST", "/tickets", "requester", NEW, lambda _a: "anna@desk.example", OTHERS, NOBODY),
    (
        *("POST", "/tickets", "requester.email", NEW | {"requester": {"name": "N"}}),
        *(lambda a: a.customer.email, OTHERS, NOBODY),
    ),
    ("POST", "/tickets", "project", NEW, lambda a: a.project.identifier, ALL, "none"),
    ("POST", "/tickets", "contract", NEW, lambda a: a.contract.number, ALL, "none"),
    ("POST", "/tickets", "object", NEW, lambda a: a.site.name, ALL, "none"),
    ("POST", "/tickets", "object", NEW, lambda a: a.site.pk, ALL, NOTHING),
    ("POST", "/tickets", "equipment", NEW, lambda a: a.machine.serial, ALL, "none"),
    ("POST", "/tickets", "equipment", NEW, lambda a: a.machine.pk, ALL, NOTHING),
    *(
        ("POST", f"{TICKET}/{verb}", field, SAY, lambda a: [a.customer.email], ALL, [NOBODY])
        for verb in ("replies", "comments", "resolutions")
        for field in ("cc", "bcc")
    ),
    ("POST", f"{TICKET}/forwards", "to", SAY, lambda a: [a.customer.email], ALL, [NOBODY]),
    (
        *("POST", f"{TICKET}/forwards", "message", SAY | {"to": [NOBODY]}),
        *(lambda a: f"message-{a.message.pk}", ALL, f"message-{NOTHING}"),
    ),
    (
        *("POST", f"{TICKET}/forwards", "files", SAY | {"to": [NOBODY]}),
        *(lambda a: [a.file.pk], ALL, [NOTHING]),
    ),
    *(
        ("POST", f"{TICKET}/{verb}", "responsible", {}, lambda a: a.agent.email, ALL, NOBODY)
        for verb in ("escalations", "assignments")
    ),
    *(
        ("POST", f"{TICKET}/{verb}", "team", {}, lambda a: str(a.team.pk), ALL, str(NOTHING))
        for verb in ("escalations", "assignments")
    ),
    *(
        ("POST", f"{TICKET}/{verb}", "agents", {}, lambda a: [a.agent.email], ALL, [NOBODY])
        for verb in ("agents", "agent-removals")
    ),
    (
        *("POST", f"{TICKET}/agent-removals", "agents", {}),
        *(lambda _a: ["anna@desk.example"], OTHERS, [NOBODY]),
    ),
    ("POST", f"{TICKET}/links", "ticket", {}, lambda a: a.ticket.number, ALL, "SR0"),
    ("POST", f"{TICKET}/unlinks", "link", {}, lambda a: a.link.pk, ALL, NOTHING),
    ("POST", f"{TICKET}/merges", "into", {}, lambda a: a.ticket.number, ALL, "SR0"),
    *(
        (
            *("POST", f"{TICKET}/{verb}", "message", {"subject": "x"} if verb == "splits" else {}),
            *(lambda a: f"message-{a.message.pk}", ALL, f"message-{NOTHING}"),
        )
        for verb in ("splits", "releases")
    ),
    ("POST", "/bulk", "numbers", {"verb": "claim"}, lambda a: [a.ticket.number], ALL, ["SR0"]),
    (
        *("POST", "/bulk", "to", {"verb": "assign"} | MANY),
        *(lambda a: f"staff-{a.agent.pk}", OTHERS, f"staff-{NOTHING}"),
    ),
    (
        *("POST", "/bulk", "to", {"verb": "assign"} | MANY),
        *(lambda a: f"team-{a.team.pk}", OTHERS, f"team-{NOTHING}"),
    ),
    (
        *("POST", "/bulk", "incident", {"verb": "link"} | MANY),
        *(lambda a: a.ticket.number, ALL, "SR0"),
    ),
    ("POST", "/mails/{mail_id}/tickets", "requester", {}, lambda a: a.customer.email, OTHERS, NOBODY),
    ("POST", "/alerts", "project", ALERT, lambda a: a.project.identifier, OTHERS, "none"),
    ("POST", "/alerts", "projects", ALERT, lambda a: [a.project.identifier], OTHERS, ["none"]),
    ("POST", "/invitations", "company", GUEST, lambda a: a.company.name, OTHERS, "None"),
    ("POST", "/invitations", "company", GUEST, lambda a: a.company.pk, OTHERS, NOTHING),
    ("POST", "/contracts", "company", {"number": "1"}, lambda a: a.company.pk, OTHERS, NOTHING),
    ("POST", "/objects", "company", {"name": "1"}, lambda a: a.company.pk, OTHERS, NOTHING),
    ("POST", "/equipment", "company", {"model": "1"}, lambda a: a.company.pk, OTHERS, NOTHING),
    *(
        (
            *("POST", "/equipment", field, {"model": "1", "company": "Орбита"}),
            *(lambda a: a.site.name, ALL, "none"),
        )
        for field in ("object", "contract")
    ),
    ("POST", "/staff", "partner", STAFF, lambda a: a.company.partner_id, ALL, NOTHING),
    ("POST", "/departments", "agents", {"names": NAMES}, lambda a: [a.agent.email], ALL, [NOBODY]),
    (
        *("PATCH", "/departments/{department_id}", "agents", {}),
        *(lambda a: [a.agent.email], ALL, [NOBODY]),
    ),
    (
        *("PATCH", "/departments/{department_id}", "tickets_to", {"is_active": False}),
        *(lambda _a: 1, ALL, NOTHING),
    ),
    ("PATCH", "/levels/{key}", "tickets_to", {"is_active": False}, lambda _a: "1", ALL, "none"),
    (
        *("PATCH", "/staff/{staff_id}", "partner", {"level": "partner_agent"}),
        *(lambda a: a.company.partner_id, ALL, NOTHING),
    ),
    (
        *("PATCH", "/staff/{staff_id}", "tickets_to", {"is_active": False}),
        *(lambda a: str(a.agent.pk), ALL, str(NOTHING)),
    ),
]  # fmt: skip
# Fields that name nothing of anybody's: words, moments, kinds, and what everybody reads in a list of
# its own (departments, types, statuses, levels). `email` of new people is refused only where taken.
PLAIN = {
    *("acknowledge_by", "add", "address", "after", "agreed", "based_on", "callback_name"),
    *("callback_phone", "category", "covers", "department", "departments", "details", "ends_on"),
    *("details.KEY", "email", "files", "files.content", "files.name", "find", "folders", "helped"),
    *("host", "is_active", "kind", "language", "level", "limit", "mails", "model", "name", "names"),
    *("number", "oauth", "order", "page_size", "password", "phase", "phone", "port", "position"),
    *(
        "priority",
        "provider",
        "q",
        "reason",
        "remove",
        "security",
        "sees_company",
        "serial",
        "state",
    ),
    *("signatures", "signing_key", "silent_after_minutes", "starts_on", "status", "statuses"),
    *("subject", "system_address", "tags", "take_over", "takes_old", "text", "text_bg", "text_en"),
    *("text_ru", "time_zone", "title", "type", "until", "user", "verb", "why", "workflow"),
    *("requester.name", "own_first_line", "expires_in_days", "scopes", "everybody", "password_now"),
}
NESTED = ("mails.", "names.", "oauth.", "signatures.")  # all of them words and switches
# Keys in addresses: what is foreign to everybody but the administrator.
KEYS: dict[str, Callable[[Alien], Any]] = {
    "number": lambda a: a.ticket.number,
    "file_id": lambda a: a.file.pk,
}
# Keys that only administrators may use at all, or that stand for what one made oneself.
OFFICE = {"department_id", "box_id", "hook_id", "mailbox_id", "partner_id", "staff_id", "key"}
OWN = {"bulk_id", "broadcast_id", "mail_id", "token_id"}
