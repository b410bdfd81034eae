"""Addresses of the customer's portal."""

from django.urls import include, path

from firstline.web.portal import projects
from firstline.web.portal.tickets import (
    acknowledgements,
    closures,
    files,
    index,
    letters,
    new,
    previews,
    ratings,
    reopenings,
    replies,
    show,
)

app_name = "portal"
ticket = [
    path("", show.Show.as_view(), name="ticket"),
    path("acknowledgements/", acknowledgements.Create.as_view(), name="acknowledgements"),
    path("closures/", closures.Create.as_view(), name="closures"),
    path("files/<int:pk>/", files.Download.as_view(), name="file"),
    path("files/<int:pk>/preview/", previews.Picture.as_view(), name="preview"),
    path("files/<int:pk>/viewer/", previews.Show.as_view(), name="viewer"),
    path("messages/<int:pk>/letter/", letters.Show.as_view(), name="letter"),
    path("messages/<int:pk>/letter/pictures/", letters.Pictures.as_view(), name="pictures"),
    path("ratings/", ratings.Create.as_view(), name="ratings"),
    path("reopenings/", reopenings.Create.as_view(), name="reopenings"),
    path("replies/", replies.Create.as_view(), name="replies"),
]
urlpatterns = [
    path("", index.Index.as_view(), name="tickets"),
    path("projects/", projects.index.Index.as_view(), name="projects"),
    path("projects/<str:identifier>/", projects.show.Show.as_view(), name="project"),
    path("tickets/new/", new.New.as_view(), name="new_ticket"),
    path("tickets/new/questions/", new.Questions.as_view(), name="new_ticket_questions"),
    path("tickets/<str:number>/", include(ticket)),
]
