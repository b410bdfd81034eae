"""Addresses of the section “Alerts”; a part of the agents' addresses."""

from django.urls import path

from firstline.web.agent.alerts import broadcasts, index, new, projects, retries, show

urlpatterns = [
    path("", index.Index.as_view(), name="alerts"),
    path("new/", new.New.as_view(), name="alert_new"),
    path("projects/", projects.Found.as_view(), name="alert_projects"),
    path("broadcasts/<int:pk>/", broadcasts.Show.as_view(), name="alert_broadcast"),
    path("broadcasts/<int:pk>/retries/", retries.Create.as_view(), name="alert_retries"),
    path("<str:number>/", show.Show.as_view(), name="alert"),
]
