import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as some

from backbone.addresses import UNKNOWN, networks_of, place_of, source_of

PROXIES = networks_of("10.0.0.0/8, ::1")
addresses = some.ip_addresses().map(str)


@pytest.mark.parametrize(("connected", "forwarded", "source"), [
    ("203.0.113.7", [], "203.0.113.7"),
    ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),  # no proxy of ours: what it says counts for nothing
    ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
    ("10.0.0.1", ["1.1.1.1, 198.51.100.1"], "198.51.100.1"),  # the client wrote 1.1.1.1 itself
    ("10.0.0.1", ["1.1.1.1", "198.51.100.1"], "198.51.100.1"),
    ("10.0.0.1", ["198.51.100.1, 10.0.0.2"], "198.51.100.1"),  # two proxies of ours
    ("10.0.0.1", ["10.0.0.9"], "10.0.0.9"),
    ("10.0.0.1", ["nonsense"], "10.0.0.1"),
    ("10.0.0.1", ["198.51.100.1, nonsense"], "10.0.0.1"),
    ("10.0.0.1", [], "10.0.0.1"),
    ("::1", ["2001:db8::7"], "2001:db8::7"),
    ("::ffff:203.0.113.7", [], "203.0.113.7"),
    ("fe80::1%eth0", [], "fe80::1"),
    (None, ["198.51.100.1"], UNKNOWN),
    ("", [], UNKNOWN),
])  # fmt: skip
def test_the_source_is_what_a_trusted_proxy_says_and_else_the_connection(connected, forwarded, source):
    assert source_of(connected, forwarded, PROXIES) == source


@given(addresses, some.lists(some.text(max_size=40), max_size=4))
def test_without_trusted_proxies_no_header_whatsoever_changes_the_source(connected, forwarded):
    assert source_of(connected, forwarded, ()) == source_of(connected, [], ())


@given(
    some.lists(some.one_of(addresses, some.text(max_size=20)), max_size=5),
    some.ip_addresses(v=4, network="192.0.2.0/24"),
)
def test_what_a_client_writes_before_the_proxy_does_never_counts(written, client):
    line = ", ".join([*written, str(client)])
    assert source_of("10.1.2.3", [line], PROXIES) == str(client)


@given(addresses)
def test_an_address_has_one_place_and_a_place_is_its_own(source):
    place = place_of(source)
    assert place_of(place.partition("/")[0]) == place


@pytest.mark.parametrize(("source", "place"), [
    ("203.0.113.7", "203.0.113.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"), ("::ffff:203.0.113.7", "203.0.113.7"), (UNKNOWN, UNKNOWN),
])  # fmt: skip
def test_one_customer_is_one_place_however_many_ipv6_addresses_he_takes(source, place):
    assert place_of(source) == place


def test_networks_are_read_from_a_list_and_a_wrong_one_is_named():
    assert networks_of("") == ()
    assert networks_of(" 10.0.0.0/8 ,,::1 ") == (
        ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("::1"),
    )  # fmt: skip
    with pytest.raises(ValueError, match="proxy"):
        networks_of("10.0.0.0/8,proxy")
