"""Addresses of the agents' workspace."""

from django.urls import include, path

from firstline.web.agent import desk, register
from firstline.web.agent.tickets import (
    claims,
    comments,
    files,
    hidden_comments,
    letters,
    moves,
    previews,
    replies,
    resolutions,
    show,
)

app_name = "agent"
ticket = [
    path("", show.Show.as_view(), name="ticket"),
    path("claims/", claims.Create.as_view(), name="claims"),
    path("comments/", comments.Create.as_view(), name="comments"),
    path("hidden-comments/", hidden_comments.Create.as_view(), name="hidden_comments"),
    path("moves/", moves.Create.as_view(), name="moves"),
    path("replies/", replies.Create.as_view(), name="replies"),
    path("resolutions/", resolutions.Create.as_view(), name="resolutions"),
    path("files/<int:pk>/", files.Download.as_view(), name="file"),
    path("files/<int:pk>/preview/", previews.Picture.as_view(), name="preview"),
    path("files/<int:pk>/viewer/", previews.Show.as_view(), name="viewer"),
    path("messages/<int:pk>/letter/", letters.Show.as_view(), name="letter"),
]
urlpatterns = [
    path("customers/", include("firstline.web.agent.customers.urls")),
    path("desk/", desk.Desk.as_view(), name="desk"),
    path("desk/groups/<slug:key>/<slug:level>/", desk.Group.as_view(), name="group"),
    path("mail/", include("firstline.web.agent.mail.urls")),
    path("tickets/", register.Register.as_view(), name="register"),
    path("tickets/<str:number>/", include(ticket)),
]
