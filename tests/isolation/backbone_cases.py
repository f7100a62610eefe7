"""The isolation table of the backbone: accounts, tokens and the directory."""

from tests.factories.directory import a_credit_code
from tests.isolation.cases import ANY_VERSION, Case, Sent, about, all_may, plain
from tests.isolation.people import (
    ADMINISTRATOR,
    ANY_OPERATOR,
    AUDITORS,
    EVERYONE,
    HOME,
    INVITED,
    OPERATORS,
    POSTER,
)
from tests.isolation.world import PASSWORD, World

NEW_ACCOUNT = {"login": "new", "name": "新账号", "password": PASSWORD}
NEW_ENTERPRISE = {"name": "新企业", "credit_code": a_credit_code(1), "region_code": HOME, "industry": "opto"}
NEW_INSTITUTE = {"name": "新院所", "type": "university", "region_code": HOME}
OF_THE_ZONE = OPERATORS | ADMINISTRATOR


def _grant(world: World) -> Sent:
    scope = {"kind": "organisation", "id": str(world.enterprise.id)}
    return Sent({"account_id": world.accounts["nobody"].id}, {"role": "enterprise_member", "scope": scope})


CASES = [
    # identity
    all_may("issueToken", "an account with a password", plain({"login": "world", "password": PASSWORD}), public=True),
    all_may("listTokens", "own ones", plain(), by_account=True),
    Case("revokeToken", "an own one", about("token_id", "spare_token"), may=POSTER, by_account=True, for_readers=True),
    all_may("showMe", "oneself", plain(), by_account=True),
    Case("openAccount", "a new one", plain(NEW_ACCOUNT), may=ANY_OPERATOR | ADMINISTRATOR, otherwise=403),
    Case("showAccount", "a member's", about("account_id", "accounts.poster"), may=POSTER | OF_THE_ZONE, by_account=True),
    # To the operator of another zone this enterprise does not exist: as with an id that nothing has.
    Case("grantMembership", "in an enterprise", _grant, may=OF_THE_ZONE, otherwise=403, told={"far_operator": 422}),
    Case("endMembership", "in an enterprise", about("membership_id", "membership"), may=OF_THE_ZONE),
    # directory
    Case("registerEnterprise", "in the first zone", plain(NEW_ENTERPRISE), may=OF_THE_ZONE, otherwise=403),
    all_may("listEnterprises", "all", plain()),
    Case("showEnterprise", "the poster's", about("enterprise_id", "enterprise"), may=POSTER | OF_THE_ZONE | AUDITORS),
    Case("amendEnterprise", "the poster's", about("enterprise_id", "enterprise", {"park": "光谷"}, headers=ANY_VERSION),
         may=POSTER | OF_THE_ZONE, knows=AUDITORS),
    Case("registerInstitute", "in the first zone", plain(NEW_INSTITUTE), may=OF_THE_ZONE, otherwise=403),
    all_may("listInstitutes", "all", plain()),
    all_may("showInstitute", "the invited one", about("institute_id", "institute")),
    Case("amendInstitute", "the invited one", about("institute_id", "institute", {"labs": ["新实验室"]}, headers=ANY_VERSION),
         may=INVITED | OF_THE_ZONE, knows=EVERYONE - INVITED - OF_THE_ZONE),
    all_may("listRegions", "all", plain(), public=True),
    all_may("listIndustries", "all", plain(), public=True),
]  # fmt: skip
