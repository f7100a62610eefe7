"""What the directory adds to the world: organisations, people with their tokens, experts and facts, notices and absences."""

from backbone.actor import Actor, Held, Role, Scope
from backbone.identity import service as identity
from backbone.identity.models import Account
from tests.factories.directory import a_chain, a_fact, a_part, an_enterprise, an_expert, an_institute
from tests.factories.identity import MADE_AT, an_account
from tests.factories.notices import a_delivery, a_duty, a_written_notice, an_absence, an_endpoint
from tests.isolation.people import AWAY, EXPERT, HOME
from tests.isolation.planted import CONTACT, EXPERTISE, PRIVATE, RIVALRY, WORDS
from tests.isolation.world import World


def organisations(world: World) -> None:
    session = world.session
    world.enterprise = an_enterprise(
        session, name=f"{WORDS}光电公司", region_code=HOME, contact_name=f"{WORDS}联系人", contact_phone=f"027-{CONTACT}"
    )  # fmt: skip
    world.neighbouring = an_enterprise(session, name="同区另一企业", region_code=HOME)
    world.far_enterprise = an_enterprise(session, name="外区企业", region_code=AWAY)
    world.institute = an_institute(session, name="受邀院所", region_code=HOME)
    world.rival = an_institute(session, name="另一院所", region_code=AWAY)


def settle(world: World, person: str, *held: tuple[Role, Scope]) -> None:
    account = an_account(world.session, *held, name=f"测试{person}")
    world.accounts[person] = account
    world.actors[person] = Actor(account.id, account.name, frozenset(Held(*each) for each in held))
    not_held = next(role for role in Role if role not in {role for role, _ in held})
    for kind, values in {
        "plain": {}, "read-only": {"may_write": False}, "narrowed": {"roles": [not_held]}, "revoked": {}, "expired": {},
    }.items():  # fmt: skip
        days = 1 if kind == "expired" else 3650
        token, secret = identity.issue_token_for(world.session, account, days=days, now=MADE_AT, **values)  # type: ignore[arg-type]
        token.revoked_at = MADE_AT if kind == "revoked" else None
        world.secrets_of[person, kind] = secret


def directory(world: World) -> None:
    session = world.session
    world.chain = a_chain(session, name="测试光电链")
    world.part = a_part(session, world.chain, enterprise_id=world.far_enterprise.id)
    world.fact = a_fact(session, world.enterprise, source=f"{WORDS}审计报告")
    told = {"phone": f"027-{PRIVATE}", "email": f"{PRIVATE}@example.test"}
    world.experts = {
        "listed": an_expert(
            session, world.institute, name="陈公开", conflicts=[f"{RIVALRY}集团"], evidence=f"同意书 {PRIVATE} 号", **told
        ),
        "hidden": an_expert(
            session, world.institute, consents=False, account_id=world.accounts[EXPERT].id, name=f"{EXPERTISE}专家",
            title=f"{EXPERTISE}研究员", tech_fields=[f"{EXPERTISE}领域"], keywords=[f"{EXPERTISE}词"],
            techniques=[f"{EXPERTISE}工艺"], works=[{"kind": "paper", "title": f"{EXPERTISE}论文"}],
            deals=[{"title": f"{EXPERTISE}合作"}], conflicts=[f"{EXPERTISE}对手"], **told,
        ),
    }  # fmt: skip


def notices(world: World) -> None:
    session, accounts = world.session, world.accounts
    world.notice = a_written_notice(session, accounts["poster"])
    world.dead_letter = a_delivery(session, accounts["operator"], dead_at=MADE_AT)
    world.webhook = an_endpoint(session)
    world.absence = an_absence(
        session, session.get_one(Account, world.membership.account_id), accounts["poster"]
    )
    world.duty = a_duty(session, accounts["operator"])
