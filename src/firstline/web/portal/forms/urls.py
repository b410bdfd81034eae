"""Addresses of the public forms: short, because people paste them into their sites."""

from django.urls import path

from firstline.web.portal.forms import confirmations, embed, show

app_name = "forms"
urlpatterns = [
    path("<slug:key>.js", embed.script, name="script"),
    path("<slug:key>/", show.show, name="form"),
    path("confirmations/<slug:key>/", confirmations.show, name="confirmation"),
]
