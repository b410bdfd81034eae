"""What each access level may do: the one place that says so (product 1.2).

`docs/permissions.md` is made from this module, and the permission matrix in the tests holds it.
"""

from enum import StrEnum


class Permission(StrEnum):
    """`area:thing:verb`, in alphabetical order."""

    API_TOKENS = "api:token:create"
    MAILBOX_EDIT = "mail:mailbox:edit"
    MAIL_RETRY = "mail:raw:retry"
    MAIL_RAW = "mail:raw:view"
    CUSTOMER_INVITE = "people:customer:invite"
    CUSTOMER_VIEW = "people:customer:view"
    OWN_EDIT = "people:own:edit"
    PARTNER_EDIT = "people:partner:edit"
    PORTAL_EDIT = "people:portal:edit"
    PROJECT_ENTER = "people:project:enter"
    REGISTRATION_DECIDE = "people:registration:decide"
    STAFF_EDIT = "people:staff:edit"
    RECORD_EDIT = "records:record:edit"
    RECORD_VIEW_ALL = "records:record:view-all"
    ALERT_OPEN = "tickets:alert:open"
    ALERT_VIEW = "tickets:alert:view"
    BULK_OPEN = "tickets:bulk:open"
    ALL_DEPARTMENTS = "tickets:department:all"
    DEPARTMENT_EDIT = "tickets:department:edit"
    FORM_EDIT = "tickets:form:edit"
    INTERNAL_VIEW = "tickets:internal:view"
    LEVEL_EDIT = "tickets:level:edit"
    LINES_COMMENT = "tickets:lines:comment"
    NOTES_EDIT = "tickets:notes:edit"
    PARTNERS_READ = "tickets:partners:read"
    PARTNERS_VIEW = "tickets:partners:view"
    TICKET_ASSIGN = "tickets:ticket:assign"
    TICKET_CLAIM = "tickets:ticket:claim"
    TICKET_CLOSE = "tickets:ticket:close"
    TICKET_COMMENT = "tickets:ticket:comment"
    TICKET_DELETE = "tickets:ticket:delete"
    TICKET_ESCALATE = "tickets:ticket:escalate"
    TICKET_FORWARD = "tickets:ticket:forward"
    TICKET_HAND_OVER = "tickets:ticket:hand-over"
    TICKET_LINK = "tickets:ticket:link"
    TICKET_MERGE = "tickets:ticket:merge"
    TICKET_MOVE = "tickets:ticket:move"
    TICKET_NOTE = "tickets:ticket:note"
    TICKET_OPEN = "tickets:ticket:open"
    TICKET_OPEN_FOR_OTHERS = "tickets:ticket:open-for-others"
    TICKET_RATE = "tickets:ticket:rate"
    TICKET_REOPEN = "tickets:ticket:reopen"
    TICKET_REPLY = "tickets:ticket:reply"
    TICKET_RESOLVE = "tickets:ticket:resolve"
    TICKET_SPLIT = "tickets:ticket:split"
    TICKET_TAG = "tickets:ticket:tag"
    TICKET_VIEW = "tickets:ticket:view"


class Level(StrEnum):
    """Access levels of staff."""

    ADMINISTRATOR = "administrator"
    SUPERVISOR = "supervisor"
    AGENT = "agent"
    OBSERVER = "observer"
    PARTNER_AGENT = "partner_agent"
    PARTNER_SUPERVISOR = "partner_supervisor"


OF_PARTNERS = frozenset({Level.PARTNER_AGENT, Level.PARTNER_SUPERVISOR})

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
    {
        P.ALERT_VIEW,
        P.CUSTOMER_VIEW,
        P.INTERNAL_VIEW,
        P.OWN_EDIT,
        P.PARTNERS_VIEW,
        P.RECORD_VIEW_ALL,
        P.TICKET_VIEW,
    }
)
AGENT = OBSERVER | {
    P.ALERT_OPEN,
    P.API_TOKENS,
    P.BULK_OPEN,
    P.CUSTOMER_INVITE,
    P.LINES_COMMENT,
    P.MAIL_RAW,
    P.MAIL_RETRY,
    P.NOTES_EDIT,
    P.PROJECT_ENTER,
    P.REGISTRATION_DECIDE,
    P.TICKET_ASSIGN,
    P.TICKET_CLAIM,
    P.TICKET_CLOSE,
    P.TICKET_COMMENT,
    P.TICKET_ESCALATE,
    P.TICKET_FORWARD,
    P.TICKET_HAND_OVER,
    P.TICKET_LINK,
    P.TICKET_MERGE,
    P.TICKET_MOVE,
    P.TICKET_NOTE,
    P.TICKET_OPEN,
    P.TICKET_OPEN_FOR_OTHERS,
    P.TICKET_REOPEN,
    P.TICKET_REPLY,
    P.TICKET_RESOLVE,
    P.TICKET_SPLIT,
    P.TICKET_TAG,
}
SUPERVISOR = AGENT | {P.PARTNERS_READ, P.RECORD_EDIT}
PARTNER_AGENT = AGENT - {
    P.ALERT_OPEN,
    P.ALERT_VIEW,
    P.MAIL_RAW,
    P.MAIL_RETRY,
    P.PARTNERS_VIEW,
    P.PROJECT_ENTER,
    P.REGISTRATION_DECIDE,
}

LEVELS: dict[Level, frozenset[Permission]] = {
    Level.ADMINISTRATOR: frozenset(Permission),
    Level.SUPERVISOR: SUPERVISOR,
    Level.AGENT: AGENT,
    Level.OBSERVER: OBSERVER,
    Level.PARTNER_AGENT: PARTNER_AGENT,
    Level.PARTNER_SUPERVISOR: PARTNER_AGENT,
}
