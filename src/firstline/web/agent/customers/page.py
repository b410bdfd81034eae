"""What the pages about customers have in common: their tabs, and the size of their lists."""

from typing import Any

from firstline.people import customers
from firstline.web.ui.views import AgentPage


class CustomersPage(AgentPage):
    """A page of the section “Customers”."""

    def frame(self, tab: str) -> dict[str, Any]:
        """What the section's templates need: the tab, and how many registrations wait."""
        waiting = customers.count_waiting(self.actor)
        counted = f"{customers.COUNTED}+" if waiting > customers.COUNTED else str(waiting or "")
        return {"section": "customers", "tab": tab, "waiting_count": counted}

    @property
    def size(self) -> int:
        """Rows of a page, by the reader's own setting."""
        return self.actor.person.page_size if self.actor.person else 25
