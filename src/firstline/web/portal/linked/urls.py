"""Addresses of the pages behind a link. The key stands right behind `ticket-links/`, so that logs can
leave it out.
"""

from django.urls import path

from firstline.web.portal.linked import tickets

urlpatterns = [
    path("<str:key>/", tickets.Show.as_view(), name="ticket_link"),
    path("<str:key>/files/<int:pk>/", tickets.Files.as_view(), name="ticket_link_file"),
    path("<str:key>/ratings/", tickets.Ratings.as_view(), name="ticket_link_ratings"),
    path("<str:key>/reopenings/", tickets.Reopenings.as_view(), name="ticket_link_reopenings"),
    path("<str:key>/replies/", tickets.Replies.as_view(), name="ticket_link_replies"),
]
