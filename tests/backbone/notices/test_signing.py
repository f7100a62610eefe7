"""What a receiver is told to check, and every way in which a message can be forged."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone.notices.signing import ID, SIGNATURE, TIMESTAMP, TOLERANCE, NotGenuine, headers_for, verify

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
SECRET, BODY = "one secret of 24 signs....", b'{"type": "clock_breached"}'
HEADERS = headers_for(SECRET, "msg_1", BODY, NOW)


def test_the_signature_is_what_the_specification_says():
    signed = b"msg_1." + str(int(NOW.timestamp())).encode() + b"." + BODY
    digest = hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()
    assert HEADERS[SIGNATURE] == "v1," + base64.b64encode(digest).decode()


def test_a_genuine_message_gives_its_id_whatever_the_case_of_the_headers():
    assert verify(HEADERS, BODY, SECRET, NOW) == "msg_1"
    assert verify({name.upper(): value for name, value in HEADERS.items()}, BODY, SECRET, NOW) == "msg_1"


@pytest.mark.parametrize("beside", ["v1,AAAA", "v2,whatever"])
def test_one_fitting_signature_of_several_is_enough(beside):
    several = HEADERS | {SIGNATURE: f"{beside} {HEADERS[SIGNATURE]}"}
    assert verify(several, BODY, SECRET, NOW) == "msg_1"


@given(st.binary(max_size=60), st.text(min_size=1, max_size=30), st.text(max_size=20))
def test_what_is_signed_is_verified_and_no_other_body_or_secret(body, secret, other):
    headers = headers_for(secret, "m", body, NOW)
    assert verify(headers, body, secret, NOW) == "m"
    with pytest.raises(NotGenuine):
        verify(headers, body + b"x", secret, NOW)
    if other != secret:
        with pytest.raises(NotGenuine):
            verify(headers, body, other, NOW)


@pytest.mark.parametrize(
    "changed",
    [
        {ID: "msg_2"},
        {TIMESTAMP: str(int(NOW.timestamp()) + 1)},
        {TIMESTAMP: "yesterday"},
        {SIGNATURE: "v1,"},
        {SIGNATURE: ""},
        {SIGNATURE: HEADERS[SIGNATURE].removeprefix("v1,")},
    ],
)
def test_a_changed_header_is_not_believed(changed):
    with pytest.raises(NotGenuine):
        verify(HEADERS | changed, BODY, SECRET, NOW)


@pytest.mark.parametrize("missing", [ID, TIMESTAMP, SIGNATURE])
def test_a_missing_header_is_not_believed(missing):
    with pytest.raises(NotGenuine):
        verify({name: value for name, value in HEADERS.items() if name != missing}, BODY, SECRET, NOW)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_replay_outside_the_window_is_refused_and_one_within_is_known_by_its_id(sign):
    edge = NOW + sign * TOLERANCE
    assert verify(HEADERS, BODY, SECRET, edge) == "msg_1"
    with pytest.raises(NotGenuine, match="window"):
        verify(HEADERS, BODY, SECRET, edge + sign * timedelta(seconds=1))
