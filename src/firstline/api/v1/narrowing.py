"""The query of the list of tickets."""

from typing import Literal

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field

from firstline.api.v1.opening import department_named
from firstline.api.v1.problems import invalid
from firstline.api.v1.reading import Text
from firstline.api.v1.shapes import Phase
from firstline.people import directory
from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.search import query
from firstline.tickets import filters, pages
from firstline.tickets.filters import Filters

LONGEST_SEARCH = 200  # characters
Order = Literal["-created", "created", "-updated", "updated", "-priority", "priority"]


class Narrowing(BaseModel):
    """What a list is narrowed to, its order, and where it goes on."""

    model_config = ConfigDict(extra="forbid")

    q: Text = Field(
        "",
        max_length=LONGEST_SEARCH,
        description="Words that a ticket must hold, in any form: of its subject, messages, people and"
        " company; a phone number in any spelling; a ticket number or its beginning.",
    )
    state: Literal["all", "open", "closed"] = "all"
    status: Text | None = Field(None, description="Key of a status.")
    phase: Phase | None = None
    department: Text | None = Field(None, description="Its id, mail address or name.")
    requester: Text | None = Field(None, description="Mail address.")
    responsible: Text | None = Field(
        None,
        description="Mail address; `me`; or `none` for tickets that nobody has. For staff only.",
    )
    order: Order = "-created"
    limit: int = Field(25, ge=1, le=100, description="How many a page.")
    after: Text | None = Field(None, description="Where a page begins; take it from `next`.")

    def filters(self, actor: Actor) -> Filters | None:
        """The same with rows for names; None where nobody has such an address, so nothing fits.

        Raises Refusal for a department or a place that there is not, Forbidden.
        """
        if self.after is not None and not self._understands(self.after):
            raise invalid("after", _("The cursor does not belong to a list in this order."))
        requester = directory.by_email(self.requester) if self.requester is not None else None
        responsible = None
        if self.responsible is not None:
            actor.demand(Permission.INTERNAL_VIEW)
            mine = self.responsible == "me"
            responsible = actor.person if mine else directory.by_email(self.responsible)
        unclaimed = self.responsible == "none"
        unknown = self.responsible is not None and responsible is None and not unclaimed
        if unknown or (self.requester is not None and requester is None):
            return None
        return Filters(
            state=self.state,
            phase=self.phase,
            status=self.status,
            department=department_named(actor, self.department) if self.department else None,
            requester=requester,
            responsible=responsible,
            unclaimed=unclaimed,
        )

    def page(self, actor: Actor, listing: pages.Listing) -> pages.Page:
        """The page asked for: a part of the list, or what the search finds in it.

        Of many tickets found, orders other than that of opening sort the newest alone.
        """
        if self.q.strip():
            return query.find(
                actor,
                self.q,
                within=listing,
                order=self.order,
                after=self.after,
                size=self.limit,
                related=filters.RELATED,
            )
        return pages.page(
            listing,
            order=self.order,
            after=self.after,
            size=self.limit,
            related=filters.RELATED,
        )

    def _understands(self, after: str) -> bool:
        return query.understands(after) if self.q.strip() else pages.understands(after, self.order)
