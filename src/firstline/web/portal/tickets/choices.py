"""What the form of a new ticket offers to a person (cap 11, 12, 118, 125, 126)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from firstline.people import directory
from firstline.people.access import Actor
from firstline.records import access as records
from firstline.tickets import catalogue, details

if TYPE_CHECKING:
    from firstline.people.models import Project
    from firstline.records.models import Contract, Equipment, ServiceObject
    from firstline.tickets.models import Department, TicketType

Typed = dict[str, str]
MOST = 500  # objects, machines and contracts in a list; whoever has more names them in the text


@dataclass(frozen=True, slots=True)
class Choices:
    """The lists to choose from; nothing in them is another company's or only for staff."""

    departments: "list[Department]"
    types: "list[TicketType]"
    projects: "list[Project]"
    contracts: "list[Contract]"
    objects: "list[ServiceObject]"
    equipment: "list[Equipment]"

    @classmethod
    def of(cls, actor: Actor) -> "Choices":
        """All that this person may choose, in a fixed number of queries."""
        return cls(
            departments=catalogue.departments_for(actor),
            types=catalogue.types_for(actor),
            projects=directory.projects_of(actor.person) if actor.person else [],
            contracts=list(records.contracts_for(actor)[:MOST]),
            objects=list(records.objects_for(actor)[:MOST]),
            equipment=list(records.equipment_for(actor)[:MOST]),
        )

    def defaults(self, actor: Actor) -> Typed:
        """What stands in a fresh form: the person, and what there is only one of."""
        running = [contract for contract in self.contracts if not contract.is_over]
        return {
            "callback_name": actor.person.name if actor.person else "",
            "callback_phone": actor.person.phone if actor.person else "",
            "contract": running[0].number if len(running) == 1 else "",
            "department": str(self.departments[0].pk) if len(self.departments) == 1 else "",
        }

    @property
    def is_cut(self) -> bool:
        """Whether there are more objects or machines than a list shows."""
        return MOST in {len(self.objects), len(self.equipment)}

    def questions(self, typed: Typed) -> list[dict[str, Any]]:
        """What the chosen type asks, each with the name of its field and what was typed there."""
        chosen = next((one for one in self.types if str(one.pk) == typed.get("type")), None)
        if chosen is None:
            return []
        names = [(details.NAME.format(field.key), field) for field in chosen.fields.all()]
        return [
            {"name": name, "field": field, "value": typed.get(name, "")} for name, field in names
        ]
