"""What each reader is told, and that of a hidden attachment nothing shows: no name, no hash, no count, no place."""

import pytest

from sky_net.attachments.models import LEVELS
from tests.factories.attachments import an_attachment, upload
from tests.factories.invitations import an_exchange, an_invitation
from tests.made_once import made_once

PARTIES = ("poster", "operator", "auditor", "office", "researcher", "rival_office", "broker", "stranger")
# By the need's visibility: what each party is told; None where the need itself is not there for it.
EVERY, INVITED, OPENED, STRANGERS = (
    set(LEVELS),
    {"public", "masked", "invited"},
    {"public", "masked"},
    {"masked"},
)
TOLD = {
    "public": (EVERY, EVERY, INVITED, INVITED, INVITED, OPENED, OPENED, None),
    "masked": (EVERY, EVERY, INVITED, INVITED, INVITED, STRANGERS, STRANGERS, None),
    "invited": (EVERY, EVERY, INVITED, INVITED, INVITED, None, STRANGERS, None),
    "operators": (EVERY, EVERY, INVITED, None, None, None, None, None),
}
BY_VISIBILITY = pytest.mark.parametrize("visibility", TOLD)


@made_once
def exchange(session):
    made = an_exchange(session, visibility="public")
    an_invitation(session, made.need, made.institute, state="accepted")
    return made


@pytest.fixture
def attached(session, exchange):
    return {
        level: an_attachment(session, exchange.need, level=level, name=f"秘-{level}.pdf") for level in LEVELS
    }


NOWHERE = "/api/attachments/01890000-0000-7000-8000-000000000000"


def every_way_to(client, attachment, headers):
    address, tag = f"/api/attachments/{attachment.id}", f'"{attachment.file.sha256}"'
    return [
        client.get(address, headers=headers),
        client.get(f"{address}/content", headers=headers),
        client.get(f"{address}/content", headers=headers | {"If-None-Match": tag}),
    ]


def seen_by(exchange, session, who, visibility):
    exchange.need.visibility = visibility
    session.flush()
    return exchange.headers(getattr(exchange, who))


@BY_VISIBILITY
def test_lists_tell_each_party_its_levels_and_no_more(client, session, exchange, attached, visibility):
    address = f"/api/needs/{exchange.need.id}/attachments"
    for who, told in zip(PARTIES, TOLD[visibility], strict=True):
        headers = seen_by(exchange, session, who, visibility)
        answer = client.get(address, headers=headers)
        if told is None:
            assert answer.status_code == 404, who
        else:
            assert {entry["level"] for entry in answer.json["items"]} == told, who
            page = client.get(f"{address}?limit={len(told)}&sort=-name", headers=headers).json
            assert (len(page["items"]), page["next_cursor"]) == (len(told), None), who
        for level in set(LEVELS) - (told or set()):
            only = client.get(f"{address}?level={level}", headers=headers)
            assert only.status_code == 404 if told is None else only.json["items"] == [], (who, level)
            hidden = attached[level]
            for trace in (hidden.file.name, hidden.file.sha256, str(hidden.id)):
                assert trace not in answer.get_data(as_text=True), (who, level)


@BY_VISIBILITY
def test_single_attachments_are_there_or_as_if_they_never_were(
    client, session, exchange, attached, visibility
):
    for who, told in zip(PARTIES, TOLD[visibility], strict=True):
        headers = seen_by(exchange, session, who, visibility)
        nowhere = client.get(NOWHERE, headers=headers).get_json() | {"instance": ""}
        for level, attachment in attached.items():
            answers = every_way_to(client, attachment, headers)
            if told and level in told:
                assert [answer.status_code for answer in answers] == [200, 200, 304], (who, level)
                continue
            gone = client.delete(f"/api/attachments/{attachment.id}", headers=headers | {"If-Match": "*"})
            for answer in (*answers, gone):
                assert answer.status_code == 404, (who, level)
                assert answer.get_json() | {"instance": ""} == nowhere
                assert not {"ETag", "Content-Disposition"} & set(answer.headers.keys())


def test_who_sees_an_attachment_and_may_not_remove_it_is_403(client, session, exchange, attached):
    for who in ("office", "rival_office", "broker", "auditor"):
        headers = seen_by(exchange, session, who, "public") | {"If-Match": "*"}
        assert client.delete(f"/api/attachments/{attached['masked'].id}", headers=headers).status_code == 403
    assert upload(client, exchange.need, exchange.headers(exchange.office)).status_code == 403


def test_a_competitor_learns_nothing_from_a_content_it_guesses(client, session, exchange, attached):
    # The same bytes attached elsewhere share their storage; its owner is told nothing of the other place.
    other = an_exchange(session, confirmed=False)
    headers = other.headers(other.poster)
    content = b"%PDF-1.7 the very same"
    an_attachment(session, exchange.need, level="operators", content=content, name="秘.pdf")
    first = upload(client, other.need, headers, content)
    second = upload(client, other.need, headers, b"%PDF-1.7 quite another")
    assert first.status_code == second.status_code == 201
    assert set(first.json) == set(second.json)
    assert first.json["name"] == "说明.pdf"
    client.delete(first.headers["Location"], headers=headers | {"If-Match": "*"})
    kept = client.get(
        f"/api/needs/{exchange.need.id}/attachments?level=operators",
        headers=exchange.headers(exchange.poster),
    )
    assert "秘.pdf" in {entry["name"] for entry in kept.json["items"]}


def test_without_a_token_nothing_answers(client, exchange, attached):
    for address in (
        f"/api/needs/{exchange.need.id}/attachments",
        f"/api/attachments/{attached['public'].id}",
        f"/api/attachments/{attached['public'].id}/content",
    ):
        assert client.get(address).status_code == 401


def test_a_withdrawn_invitation_or_a_hidden_need_closes_its_files_too(client, session, exchange, attached):
    headers = seen_by(exchange, session, "office", "invited")
    address = f"/api/attachments/{attached['invited'].id}/content"
    assert client.get(address, headers=headers).status_code == 200
    seen_by(exchange, session, "office", "operators")
    assert client.get(address, headers=headers).status_code == 404


def test_the_counts_that_the_need_itself_shows_do_not_change(client, session, exchange):
    headers = seen_by(exchange, session, "rival_office", "masked")
    address = f"/api/needs/{exchange.need.id}"
    before = client.get(address, headers=headers)
    an_attachment(session, exchange.need, level="operators")
    after = client.get(address, headers=headers)
    assert after.data == before.data
    assert after.headers["ETag"] == before.headers["ETag"]
