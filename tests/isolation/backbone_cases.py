"""The isolation table of accounts and tokens."""

from tests.isolation.cases import Case, Sent, about, all_may, plain
from tests.isolation.people import ADMINISTRATOR, ANY_OPERATOR, OPERATORS, POSTER
from tests.isolation.world import PASSWORD, World

NEW_ACCOUNT = {"login": "new", "name": "新账号", "password": PASSWORD}
OF_THE_ZONE = OPERATORS | ADMINISTRATOR


def _grant(world: World) -> Sent:
    scope = {"kind": "organisation", "id": str(world.enterprise.id)}
    return Sent({"account_id": world.accounts["nobody"].id}, {"role": "enterprise_member", "scope": scope})


CASES = [
    all_may("issueToken", "an account with a password", plain({"login": "world", "password": PASSWORD}), public=True),
    all_may("listTokens", "own ones", plain(), by_account=True),
    Case("revokeToken", "an own one", about("token_id", "spare_token"), may=POSTER, by_account=True, for_readers=True),
    all_may("showMe", "oneself", plain(), by_account=True),
    Case("openAccount", "a new one", plain(NEW_ACCOUNT), may=ANY_OPERATOR | ADMINISTRATOR, otherwise=403),
    Case("showAccount", "a member's", about("account_id", "accounts.poster"), may=POSTER | OF_THE_ZONE, by_account=True),
    # To the operator of another zone this enterprise does not exist: as with an id that nothing has.
    Case("grantMembership", "in an enterprise", _grant, may=OF_THE_ZONE, otherwise=403, told={"far_operator": 422}),
    Case("endMembership", "in an enterprise", about("membership_id", "membership"), may=OF_THE_ZONE),
]  # fmt: skip
