"""The contracts, objects and equipment of the story."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from firstline.people.models import Company
from firstline.records.models import Contract, Equipment, ServiceObject


@dataclass(frozen=True, slots=True)
class Records:
    """What the companies own, by its key in the story."""

    contracts: dict[str, Contract]
    objects: dict[str, ServiceObject]
    equipment: dict[str, Equipment]

    @classmethod
    def make(cls, told: dict[str, Any], companies: dict[str, Company]) -> Self:
        """Write all of them."""
        contracts = {
            one["key"]: Contract.objects.create(
                number=one["number"],
                company=companies[one["company"]],
                title=one["title"],
                covers=one["covers"],
                starts_on=_day(one.get("starts_on")),
                ends_on=_day(one.get("ends_on")),
            )
            for one in told["contracts"]
        }
        objects = {
            one["key"]: ServiceObject.objects.create(
                name=one["name"], address=one["address"], company=companies[one["company"]]
            )
            for one in told["objects"]
        }
        equipment = {
            one["key"]: Equipment.objects.create(
                model=one["model"],
                serial=one["serial"],
                company=objects[one["object"]].company,
                site=objects[one["object"]],
                contract=contracts.get(one.get("contract", "")),
            )
            for one in told["equipment"]
        }
        return cls(contracts, objects, equipment)

    def facts(self, told: dict[str, Any]) -> dict[str, Any]:
        """What a ticket of the story says of them, as the action takes it."""
        return {
            "contract_text": told.get("contract", ""),
            "object": self.objects.get(told.get("object", "")),
            "equipment": self.equipment.get(told.get("equipment", "")),
            "details": told.get("details", {}),
        }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
