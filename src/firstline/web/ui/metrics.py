"""Figures for monitoring, in the text format of Prometheus."""

from collections.abc import Iterable
from hmac import compare_digest

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from firstline.events import relay
from firstline.mail import state

LOOPBACK = {"127.0.0.1", "::1"}


class Backlog(Collector):
    """How much work waits and how much was put aside; each an indexed count."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        waiting = GaugeMetricFamily("firstline_work_waiting", "Work not done yet", labels=["kind"])
        parked = GaugeMetricFamily(
            "firstline_work_parked", "Work put aside after failing", labels=["kind"]
        )
        coming, going = state.incoming(), state.outgoing()
        figures = {
            "incoming_mail": (coming.waiting, coming.parked),
            "outgoing_mail": (going.waiting, going.parked),
            "reaction": relay.state(),
        }
        for kind, (waits, aside) in figures.items():
            waiting.add_metric([kind], waits)
            parked.add_metric([kind], aside)
        return [waiting, parked]


REGISTRY = CollectorRegistry(auto_describe=False)
REGISTRY.register(Backlog())


def metrics(request: HttpRequest) -> HttpResponse:
    """For who has the token; without one, for this machine only."""
    if not _is_allowed(request):
        return HttpResponse(
            "Send the token of FIRSTLINE_METRICS_TOKEN.\n", status=403, content_type="text/plain"
        )
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)


def _is_allowed(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    return request.META.get("REMOTE_ADDR") in LOOPBACK
