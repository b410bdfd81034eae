"""Addresses of the inbox."""

from django.urls import path

from firstline.web.agent.inbox import index, news

urlpatterns = [
    path("", index.Index.as_view(), name="inbox"),
    path("<str:box>/<slug:tab>/", index.List.as_view(), name="inbox_list"),
    path("<str:box>/<slug:tab>/news/", news.Show.as_view(), name="inbox_news"),
]
