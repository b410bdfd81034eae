"""Where a request came from, for limits on what strangers may cause."""

from ipaddress import IPv6Address, IPv6Network, ip_address

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

NETWORK = 64  # bits; whoever has one address of such a network has them all


def source_of(request: HttpRequest) -> str:
    """The address of the client, as the trusted proxy tells it; of IPv6 the whole network.

    Raises PermissionDenied where there is none.
    """
    address = ip_address(get_adapter().get_client_ip(request))
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or IPv6Network((address, NETWORK), strict=False))
    return str(address)
