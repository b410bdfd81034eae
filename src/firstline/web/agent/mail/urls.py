"""Addresses of the mails that were not understood; a part of the agents' addresses."""

from django.urls import path

from firstline.web.agent.mail import index, replays, retries, show, source, spam, tickets

urlpatterns = [
    path("", index.Index.as_view(), name="mail"),
    path("<int:pk>/", show.Show.as_view(), name="mail_one"),
    path("<int:pk>/replays/", replays.Create.as_view(), name="mail_replays"),
    path("<int:pk>/retries/", retries.Create.as_view(), name="mail_retries"),
    path("<int:pk>/spam/", spam.Create.as_view(), name="mail_spam"),
    path("<int:pk>/tickets/", tickets.Create.as_view(), name="mail_tickets"),
    path("<int:pk>/source/", source.Source.as_view(), name="mail_source"),
]
