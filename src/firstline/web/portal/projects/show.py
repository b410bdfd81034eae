"""The Support section of one project: its alerts and its tickets (cap 99)."""

from django.http import HttpRequest, HttpResponse

from firstline.people import projects
from firstline.tickets import alerts, queue
from firstline.web.portal.tickets.asked import Asked
from firstline.web.ui.views import PortalPage

ALERTS = 5


class Show(PortalPage):
    """GET: the project's alerts, and a page of its tickets. Members and the owner only."""

    def get(self, request: HttpRequest, identifier: str) -> HttpResponse:
        project, asked = projects.get_for(self.actor, identifier), Asked.of(request, self.actor)
        after = request.GET.get("alerts", "")
        narrowed = alerts.Narrowed(project_id=project.pk)
        found = alerts.page(self.actor, narrowed, after=after, size=ALERTS)
        context = asked.context(self.actor, queue.of_project(self.actor, project.pk)) | {
            "project": project,
            "alerts": found.tickets,
            "alerts_next": found.next,
            "alerts_begun": after,
            "new": request.GET.get("new", ""),
        }
        return self.answer("portal/projects/show.html", context)
