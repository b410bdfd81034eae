"""What runs each minute, whatever happened: the sweeper for work left behind, and the clock."""

from firstline.api import answers
from firstline.base.jobs import every_minute
from firstline.events import relay
from firstline.live import presence
from firstline.mail.inbound import digest
from firstline.mail.outbound import accounts, send
from firstline.people.actions import visits
from firstline.search import index
from firstline.tickets import forms, timers
from firstline.tickets.actions import broadcast, bulk, drafts, pending
from firstline.web.ui import once

REBUILD_SECONDS = 20  # of each minute: the rest is for the work of the day


@every_minute
def sweep() -> None:
    """Bring back what a crash, a lost job or a pause between tries left behind."""
    relay.sweep()
    digest.sweep()
    send.sweep()
    pending.sweep()
    broadcast.sweep()
    bulk.sweep()


@every_minute
def tick() -> None:
    """Move what time alone moves, and forget what nobody asks for any more."""
    timers.tick()
    visits.tick()
    answers.prune()
    forms.forget()
    drafts.forget()
    pending.forget()
    once.forget()
    presence.forget()
    accounts.forget()


@every_minute
def rebuild_search() -> None:
    """Bring the index to this version after an upgrade; nothing to do otherwise."""
    index.rebuild(seconds=REBUILD_SECONDS)
