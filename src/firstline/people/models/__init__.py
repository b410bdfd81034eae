"""People: who writes, who answers, and for whom."""

from firstline.people.models.admission import Invitation, Registration
from firstline.people.models.company import Company, Domain, Partner, Project
from firstline.people.models.person import Customer, Person, Staff, Team
from firstline.people.models.portal import Host, Portal
from firstline.people.models.token import Token
from firstline.people.models.visit import Visit

__all__ = [
    "Company",
    "Customer",
    "Domain",
    "Host",
    "Invitation",
    "Partner",
    "Person",
    "Portal",
    "Project",
    "Registration",
    "Staff",
    "Team",
    "Token",
    "Visit",
]
