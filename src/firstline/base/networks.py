"""Which network an address belongs to, for limits on what one stranger may cause."""

from ipaddress import IPv6Address, IPv6Network, ip_address

NETWORK = 64  # bits; whoever has one address of such a network has them all


def network_of(address: str) -> str:
    """The address itself; of IPv6 the whole network. Raises ValueError where it is no address."""
    parsed = ip_address(address.partition("%")[0])
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or IPv6Network((parsed, NETWORK), strict=False))
    return str(parsed)


def client_network(address: str) -> str:
    """The same for a connection: what is no address (a Unix socket) counts as itself."""
    try:
        return network_of(address)
    except ValueError:
        return address
