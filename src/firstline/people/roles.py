"""What each access level may do: the one place that says so (product 1.2).

`docs/permissions.md` is made from this module, and the permission matrix in the tests holds it.
"""

from enum import StrEnum


class Permission(StrEnum):
    """`area:thing:verb`, in alphabetical order."""

    API_TOKENS = "api:token:create"
    MAIL_RETRY = "mail:raw:retry"
    MAIL_RAW = "mail:raw:view"
    CUSTOMER_INVITE = "people:customer:invite"
    CUSTOMER_VIEW = "people:customer:view"
    OWN_EDIT = "people:own:edit"
    PORTAL_EDIT = "people:portal:edit"
    REGISTRATION_DECIDE = "people:registration:decide"
    RECORD_EDIT = "records:record:edit"
    RECORD_VIEW_ALL = "records:record:view-all"
    ALERT_OPEN = "tickets:alert:open"
    ALL_DEPARTMENTS = "tickets:department:all"
    FORM_EDIT = "tickets:form:edit"
    INTERNAL_VIEW = "tickets:internal:view"
    TICKET_CLAIM = "tickets:ticket:claim"
    TICKET_CLOSE = "tickets:ticket:close"
    TICKET_COMMENT = "tickets:ticket:comment"
    TICKET_MOVE = "tickets:ticket:move"
    TICKET_NOTE = "tickets:ticket:note"
    TICKET_OPEN = "tickets:ticket:open"
    TICKET_OPEN_FOR_OTHERS = "tickets:ticket:open-for-others"
    TICKET_RATE = "tickets:ticket:rate"
    TICKET_REOPEN = "tickets:ticket:reopen"
    TICKET_REPLY = "tickets:ticket:reply"
    TICKET_RESOLVE = "tickets:ticket:resolve"
    TICKET_VIEW = "tickets:ticket:view"


class Level(StrEnum):
    """Access levels of staff."""

    ADMINISTRATOR = "administrator"
    SUPERVISOR = "supervisor"
    AGENT = "agent"
    OBSERVER = "observer"
    PARTNER_AGENT = "partner_agent"
    PARTNER_SUPERVISOR = "partner_supervisor"


P = Permission
CUSTOMER = frozenset(
    {
        P.OWN_EDIT,
        P.TICKET_CLOSE,
        P.TICKET_OPEN,
        P.TICKET_RATE,
        P.TICKET_REOPEN,
        P.TICKET_REPLY,
        P.TICKET_VIEW,
    }
)
OBSERVER = frozenset(
    {P.CUSTOMER_VIEW, P.INTERNAL_VIEW, P.OWN_EDIT, P.RECORD_VIEW_ALL, P.TICKET_VIEW}
)
AGENT = OBSERVER | {
    P.ALERT_OPEN,
    P.API_TOKENS,
    P.CUSTOMER_INVITE,
    P.MAIL_RAW,
    P.MAIL_RETRY,
    P.REGISTRATION_DECIDE,
    P.TICKET_CLAIM,
    P.TICKET_CLOSE,
    P.TICKET_COMMENT,
    P.TICKET_MOVE,
    P.TICKET_NOTE,
    P.TICKET_OPEN,
    P.TICKET_OPEN_FOR_OTHERS,
    P.TICKET_REOPEN,
    P.TICKET_REPLY,
    P.TICKET_RESOLVE,
}
SUPERVISOR = AGENT | {P.RECORD_EDIT}
PARTNER_AGENT = AGENT - {P.ALERT_OPEN, P.MAIL_RAW, P.MAIL_RETRY, P.REGISTRATION_DECIDE}

LEVELS: dict[Level, frozenset[Permission]] = {
    Level.ADMINISTRATOR: frozenset(Permission),
    Level.SUPERVISOR: SUPERVISOR,
    Level.AGENT: AGENT,
    Level.OBSERVER: OBSERVER,
    Level.PARTNER_AGENT: PARTNER_AGENT,
    Level.PARTNER_SUPERVISOR: PARTNER_AGENT,
}
