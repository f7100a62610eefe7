"""The isolation table of accounts and tokens."""

from tests.isolation.cases import Case, Sent, about, all_may, plain
from tests.isolation.people import ADMINISTRATOR, ANY_OPERATOR, CHIEF_AUDITOR, OPERATORS, POSTER
from tests.isolation.planted import PASSWORD
from tests.isolation.world import World

NEW_ACCOUNT = {"login": "new", "name": "新账号", "password": PASSWORD}
OF_THE_ZONE = OPERATORS | ADMINISTRATOR


def _grant(world: World) -> Sent:
    scope = {"kind": "organisation", "id": str(world.enterprise.id)}
    return Sent({"account_id": world.accounts["nobody"].id}, {"role": "enterprise_member", "scope": scope})


def _reset(world: World) -> Sent:
    return Sent({"account_id": world.accounts["poster"].id}, {"password": PASSWORD})


def _absence(world: World) -> Sent:
    days = {"from_on": "2026-03-20", "to_on": "2026-03-21"}
    deputy = world.accounts["poster"]
    return Sent({}, days | {"account_id": str(world.membership.account_id), "deputy_id": str(deputy.id)})


NEW_PASSWORD = {"login": "world", "password": PASSWORD, "new_password": PASSWORD + " anew"}
NEW_WEBHOOK = {"url": "https://1.1.1.1/hook", "secret": "a secret of at least 24 signs"}
CASES = [
    all_may("issueToken", "an account with a password", plain({"login": "world", "password": PASSWORD}), public=True),
    all_may("changePassword", "an account with a password", plain(NEW_PASSWORD), public=True),
    all_may("listTokens", "own ones", plain(), by_account=True),
    Case("revokeToken", "an own one", about("token_id", "spare_token"), may=POSTER, by_account=True, for_readers=True),
    all_may("showMe", "oneself", plain(), by_account=True),
    all_may("giveEmail", "oneself", plain({"email": "own@example.org"}), by_account=True),
    all_may("listMyNotices", "own ones", plain(), by_account=True),
    Case("readNotice", "an own one", about("notice_id", "notice"), may=POSTER, by_account=True),
    all_may("readNotices", "own ones", plain({"until": "2026-03-20T10:00:00+08:00"}), by_account=True),
    Case("listDeliveries", "all", plain(), may=ADMINISTRATOR, otherwise=403),
    Case("retryDelivery", "a dead one", about("delivery_id", "dead_letter"), may=ADMINISTRATOR, otherwise=403),
    Case("openWebhook", "a new one", plain(NEW_WEBHOOK), may=ADMINISTRATOR, otherwise=403),
    Case("listWebhooks", "open ones", plain(), may=ADMINISTRATOR, otherwise=403),
    Case("closeWebhook", "an open one", about("webhook_id", "webhook"), may=ADMINISTRATOR, otherwise=403),
    Case("recordAbsence", "somebody's", _absence, may=ADMINISTRATOR, otherwise=403),
    all_may("listAbsences", "own ones", plain(), by_account=True),
    Case("cancelAbsence", "a colleague's", about("absence_id", "absence"), may=ADMINISTRATOR, knows=POSTER),
    Case("openAccount", "a new one", plain(NEW_ACCOUNT), may=ANY_OPERATOR | ADMINISTRATOR, otherwise=403),
    Case("listAccounts", "those to administer", plain(), may=ANY_OPERATOR | ADMINISTRATOR, otherwise=403),
    Case("listAuditEvents", "all", plain(), may=CHIEF_AUDITOR, otherwise=403),
    Case("showAccount", "a member's", about("account_id", "accounts.poster"), may=POSTER | OF_THE_ZONE, by_account=True),
    Case("resetPassword", "a member's", _reset, may=OF_THE_ZONE, knows=POSTER),
    # To the operator of another zone this enterprise does not exist: as with an id that nothing has.
    Case("grantMembership", "in an enterprise", _grant, may=OF_THE_ZONE, otherwise=403, told={"far_operator": 422}),
    Case("endMembership", "in an enterprise", about("membership_id", "membership"), may=OF_THE_ZONE),
]  # fmt: skip
