"""A webhook never leads into our own networks."""

import pytest

from backbone.notices.outbound import address_for, is_allowed, networks
from backbone.notices.outcomes import Failed, Refused
from backbone.settings import SettingUnusable


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",  # noqa: S104
        "::1", "fe80::1", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "ff02::1",
    ],
)  # fmt: skip
def test_private_addresses_are_refused(address):
    assert not is_allowed(address, ())


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_public_addresses_are_allowed(address):
    assert is_allowed(address, ())


def test_a_named_private_network_is_allowed_and_its_neighbour_is_not():
    allowed = networks("10.1.0.0/16, fd00:1::/32")
    assert is_allowed("10.1.2.3", allowed)
    assert is_allowed("::ffff:10.1.2.3", allowed)
    assert is_allowed("fd00:1::5", allowed)
    assert not is_allowed("10.2.0.1", allowed)


def test_a_setting_that_is_no_list_of_networks_is_said():
    with pytest.raises(SettingUnusable, match="WEBHOOK_PRIVATE_NETWORKS"):
        networks("the intranet")


def test_a_url_into_the_machine_itself_is_refused_before_anything_is_sent():
    with pytest.raises(Refused, match="address_forbidden"):
        address_for("https://localhost/hook", ())
    assert address_for("https://127.0.0.1/hook", networks("127.0.0.0/8")) == "127.0.0.1"


def test_a_name_that_resolves_to_nothing_is_tried_again_later():
    with pytest.raises(Failed) as failure:
        address_for("https://no-such-name.invalid/hook", ())
    assert not isinstance(failure.value, Refused)
