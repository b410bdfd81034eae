"""Addresses of web hooks."""

from django.urls import path

from firstline.web.hooks import mail

app_name = "hooks"
urlpatterns = [
    path("mail/<slug:provider>/<str:secret>/", mail.receive, name="mail"),
    path("mail/<slug:provider>/<str:secret>/mime", mail.receive, name="mail_whole"),
]
