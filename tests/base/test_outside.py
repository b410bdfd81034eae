"""Which addresses may be connected to: judged as addresses, nothing is asked."""

import pytest

from firstline.base.outside import names_inside

EMBEDDED = ("::{}", "::ffff:{}", "::ffff:0:{}", "64:ff9b::{}")
INSIDE = ("127.0.0.1", "10.0.0.5", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1")


@pytest.mark.parametrize("inner", INSIDE)
@pytest.mark.parametrize("clothes", EMBEDDED)
def test_an_inner_address_in_the_clothes_of_ipv6(clothes: str, inner: str) -> None:
    assert names_inside(clothes.format(inner))
    assert names_inside(f"[{clothes.format(inner)}]")


@pytest.mark.parametrize(
    "address",
    [
        "::1",
        "::",
        "64:ff9b:1::7f00:1",  # NAT64 of one network, wherever it keeps the address
        "64:ff9b:1:7f00:0:100::",
        "64:ff9b:1:ffff::a00:1",
        "2002:7f00:1::1",  # 6to4
        "2002:a00:5::1",
        "2001:0:5db8:2f4a::80ff:fffe",  # Teredo of 127.0.0.1
        "fec0::1",  # site-local
        "fec0:0:0:ffff::1",
        "feff::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
    ],
)
def test_what_is_inside(address: str) -> None:
    assert names_inside(address)


@pytest.mark.parametrize(
    "address",
    [
        *(clothes.format("8.8.8.8") for clothes in EMBEDDED),
        "2002:808:808::1",
        "2a00:1450:4001:830::200e",
        "8.8.8.8",
    ],
)
def test_what_is_of_the_world(address: str) -> None:
    assert not names_inside(address)
