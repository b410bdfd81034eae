"""People: who writes, who answers, and for whom."""

from firstline.people.models.company import Company, Domain, Partner, Project
from firstline.people.models.person import Customer, Person, Staff, Team
from firstline.people.models.token import Token

__all__ = [
    "Company",
    "Customer",
    "Domain",
    "Partner",
    "Person",
    "Project",
    "Staff",
    "Team",
    "Token",
]
