"""The board equals a recount by hand of what the reader may know, row by row through the reading services."""

from collections import Counter
from random import Random

import pytest
from sqlalchemy import select

from backbone.actor import PROVINCE, Role
from backbone.clock import local_date
from backbone.errors import NotFound
from ground_net.chain_needs.board import show_chain_board
from sky_net.achievements.models import Achievement
from sky_net.needs.models import Need
from sky_net.needs.reading import read_need
from sky_net.needs.states import OPEN, STATES
from tests.factories.achievements import an_achievement
from tests.factories.directory import a_chain, an_enterprise, an_institute
from tests.factories.identity import an_actor, of, zone
from tests.factories.needs import a_need

SEGMENTS = ("外延", "封装", "测试", None)


def recount(session, actor, chain, clock):
    """Needs and achievements of each segment that the actor may know of, one by one."""
    needs, achievements = Counter(), Counter()
    for need in session.scalars(select(Need).where(Need.chain_id == chain.id)):
        try:
            view = read_need(session, actor, need.id).view
        except NotFound:
            continue
        if view != "masked" and need.state in OPEN:
            needs[need.chain_segment] += 1
    for each in session.scalars(select(Achievement).where(Achievement.chain_id == chain.id)):
        if (
            each.state == "visible"
            and each.secrecy == "open"
            and each.valid_until_on >= local_date(clock.now())
        ):
            achievements[each.chain_segment] += 1
    return {name: (needs[name], achievements[name]) for name in {*needs, *achievements}}


@pytest.mark.parametrize("seed", range(3))
def test_the_board_is_what_a_recount_by_hand_gives(session, clock, seed):
    random, chain, other = Random(seed), a_chain(session), a_chain(session)
    enterprises = [an_enterprise(session, region_code=code) for code in ("420100", "420200")]
    institute = an_institute(session)
    for _ in range(40):
        a_need(
            session, random.choice(enterprises), chain_id=random.choice([chain.id, chain.id, other.id, None]),
            chain_segment=random.choice(SEGMENTS), state=random.choice([*STATES]),
            visibility=random.choice(["public", "masked", "invited", "operators"]),
        )  # fmt: skip
        hidden = random.random() < 0.3
        an_achievement(
            session, institute=institute, chain_id=random.choice([chain.id, other.id]), chain_segment=random.choice(SEGMENTS),
            **({"state": "hidden", "hidden_by": "institute"} if hidden else {}),
        )  # fmt: skip
    poster = an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprises[0])))
    actors = [
        poster, an_actor(session), an_actor(session, (Role.OPERATOR, PROVINCE)), an_actor(session, (Role.OPERATOR, zone("420200"))),
        an_actor(session, (Role.BROKER, zone())), an_actor(session, (Role.TRANSFER_OFFICE, of(institute))),
    ]  # fmt: skip
    boards = []
    for actor in actors:
        board = show_chain_board(session, actor, chain.id, now=clock.now())
        counted = {each.name: (each.needs, each.achievements) for each in board.segments}
        assert counted == recount(session, actor, chain, clock)
        assert (board.needs, board.achievements) == tuple(map(sum, zip(*counted.values(), strict=True)))
        boards.append(board.needs)
    assert boards[2] == max(boards) > boards[1] == 0, "the province sees all, a stranger no need"


def test_achievements_of_the_chains_industries_that_say_no_chain_are_counted_apart(session, clock):
    chain = a_chain(session, industries=["opto", "ai"])
    for industry in ("opto", "ai", "nev"):
        an_achievement(session, industry=industry)
    an_achievement(session, industry="opto", chain_id=chain.id, chain_segment="外延")
    board = show_chain_board(session, an_actor(session), chain.id, now=clock.now())
    assert board.unplaced_achievements == 2
    assert [(each.name, each.gap) for each in board.segments] == [("外延", "no_need")]
    with pytest.raises(NotFound):
        show_chain_board(session, an_actor(session), an_actor(session).account_id, now=clock.now())
