"""Addresses of what the windows of a ticket do: bring together, take apart, pass on, delete; a part
of a ticket's addresses.
"""

from django.urls import path

from firstline.web.agent.tickets import (
    agents,
    assignments,
    deletions,
    finding,
    form_senders,
    forwards,
    links,
    merges,
    part_resolutions,
    releases,
    splits,
    tags,
)

urlpatterns = [
    path("agents/", agents.Agents.as_view(), name="agents"),
    path("agent-removals/", agents.Remove.as_view(), name="agent_removals"),
    path("assignments/", assignments.Assignments.as_view(), name="assignments"),
    path("deletions/", deletions.Deletions.as_view(), name="deletions"),
    path("found/", finding.Found.as_view(), name="found"),
    path("forwards/", forwards.Forwards.as_view(), name="forwards"),
    path("links/", links.Links.as_view(), name="links"),
    path("merges/", merges.Merges.as_view(), name="merges"),
    path(
        "messages/<int:pk>/form-senders/",
        form_senders.FormSenders.as_view(),
        name="form_senders",
    ),
    path("messages/<int:pk>/splits/", splits.Splits.as_view(), name="splits"),
    path("part-resolutions/", part_resolutions.PartResolutions.as_view(), name="part_resolutions"),
    path("messages/<int:pk>/releases/", releases.Releases.as_view(), name="releases"),
    path("tags/", tags.Tags.as_view(), name="tags"),
    path("unlinks/", links.Undo.as_view(), name="unlinks"),
    path("unmerges/", merges.Undo.as_view(), name="unmerges"),
]
