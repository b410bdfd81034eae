"""Addresses of acts on many tickets; a part of the agents' addresses."""

from django.urls import path

from firstline.web.agent.bulk import progress, starts

urlpatterns = [
    path("", starts.Create.as_view(), name="bulk"),
    path("choices/", starts.Choices.as_view(), name="bulk_choices"),
    path("<int:pk>/withdrawals/", progress.Withdraw.as_view(), name="bulk_withdrawals"),
    path("<int:pk>/", progress.Show.as_view(), name="bulk_progress"),
]
