"""Addresses of the section “Customers”; a part of the agents' addresses."""

from django.urls import path

from firstline.web.agent import visits
from firstline.web.agent.customers import companies, index, invitations, registrations, releases

urlpatterns = [
    path("", index.Index.as_view(), name="customers"),
    path("companies/", companies.Names.as_view(), name="customer_companies"),
    path("invitations/", invitations.Index.as_view(), name="customer_invitations"),
    path(
        "invitations/<int:pk>/resendings/",
        invitations.Resend.as_view(),
        name="customer_resendings",
    ),
    path(
        "invitations/<int:pk>/withdrawals/",
        invitations.Withdraw.as_view(),
        name="customer_withdrawals",
    ),
    path("projects/", visits.Projects.as_view(), name="customer_projects"),
    path("projects/<str:identifier>/visits/", visits.OfProject.as_view(), name="customer_visits"),
    path("releases/<int:pk>/", releases.Create.as_view(), name="customer_releases"),
    path("registrations/", registrations.Index.as_view(), name="customer_registrations"),
    path(
        "registrations/<int:pk>/approvals/",
        registrations.Approve.as_view(),
        name="customer_approvals",
    ),
    path(
        "registrations/<int:pk>/companies/",
        registrations.Confirm.as_view(),
        name="customer_confirmations",
    ),
    path(
        "registrations/<int:pk>/refusals/",
        registrations.Refuse.as_view(),
        name="customer_refusals",
    ),
]
