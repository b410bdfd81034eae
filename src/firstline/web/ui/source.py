"""Where a request came from, for limits on what strangers may cause."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from firstline.base.networks import network_of


def source_of(request: HttpRequest) -> str:
    """The address of the client, as the trusted proxy tells it; of IPv6 the whole network.

    Raises PermissionDenied where there is none.
    """
    return network_of(get_adapter().get_client_ip(request))
