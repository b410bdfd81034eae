"""“I am looking at this”, “I am typing”, “I have turned away”: what an open ticket says of its reader."""

from django.http import HttpRequest, HttpResponse

from firstline.live import presence
from firstline.web.ui.views import AgentPage


class Create(AgentPage):
    """POST: `state` is `looks`, `types` or `left`. It is no work on the ticket and leaves no event."""

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        state = request.POST.get("state", "looks")
        if state == "left":
            presence.leave(self.actor, number)
        else:
            presence.stand(self.actor, number, types=state == "types")
        return HttpResponse(status=204)
