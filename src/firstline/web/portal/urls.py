"""Addresses of the customer's portal."""

from django.urls import include, path

from firstline.web.portal.tickets import closures, files, index, reopenings, replies, show

app_name = "portal"
ticket = [
    path("", show.Show.as_view(), name="ticket"),
    path("closures/", closures.Create.as_view(), name="closures"),
    path("files/<int:pk>/", files.Download.as_view(), name="file"),
    path("reopenings/", reopenings.Create.as_view(), name="reopenings"),
    path("replies/", replies.Create.as_view(), name="replies"),
]
urlpatterns = [
    path("", index.Index.as_view(), name="tickets"),
    path("tickets/<str:number>/", include(ticket)),
]
