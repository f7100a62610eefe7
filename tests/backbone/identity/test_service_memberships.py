import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from backbone.actor import PROVINCE, Held, Role, Scope, ScopeKind
from backbone.audit import AuditEvent
from backbone.errors import Forbidden, Invalid, NotFound
from backbone.identity import credentials, service
from backbone.identity.memberships import administers
from backbone.identity.models import Account, Membership
from backbone.people.errors import LastAdministrator
from tests.factories.directory import an_enterprise, an_institute
from tests.factories.identity import an_account, an_actor, of, zone
from tests.factories.network import a_node

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)


@pytest.fixture
def administrator(session):
    return an_actor(session, (Role.ADMINISTRATOR, PROVINCE))


@pytest.fixture
def operator(session):
    return an_actor(session, (Role.OPERATOR, zone("420100")))


def actions(session):
    return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


# --- memberships ---


def test_a_role_granted_takes_effect_at_once_and_ended_is_gone_at_once(session, operator):
    enterprise, account = an_enterprise(session, region_code="420100-donghu"), an_account(session)
    _, secret = service.issue_token_for(session, account, days=1, now=NOW)
    granted = service.grant_membership(
        session, operator, account.id, Role.ENTERPRISE_MEMBER, of(enterprise), now=NOW
    )
    assert service.authenticate(session, secret, NOW).organisations(Role.ENTERPRISE_MEMBER) == {enterprise.id}
    service.end_membership(session, operator, granted.id, now=NOW)
    session.flush()
    assert service.authenticate(session, secret, NOW).held == frozenset()
    assert granted.ended_at == NOW
    assert actions(session)[-2:] == ["grant_membership", "end_membership"]


def test_the_same_role_twice_is_one_membership_whatever_the_spelling(session, administrator):
    enterprise, account = an_enterprise(session), an_account(session)
    spellings = [str(enterprise.id), str(enterprise.id).upper(), enterprise.id.hex, f"{{{enterprise.id}}}"]
    granted = [
        service.grant_membership(
            session,
            administrator,
            account.id,
            Role.ENTERPRISE_MEMBER,
            Scope(ScopeKind.ORGANISATION, spelled),
            now=NOW,
        )
        for spelled in spellings
    ]
    assert len({membership.id for membership in granted}) == 1
    assert granted[0].scope_id == str(enterprise.id)


def test_a_role_that_was_ended_can_be_granted_anew(session, administrator):
    account = an_account(session)
    first = service.grant_membership(session, administrator, account.id, Role.BROKER, PROVINCE, now=NOW)
    service.end_membership(session, administrator, first.id, now=NOW)
    second = service.grant_membership(session, administrator, account.id, Role.BROKER, PROVINCE, now=NOW)
    assert second.id != first.id


def test_two_threads_granting_the_same_role_make_one_membership(committed_database):
    with committed_database.transaction() as session:
        actor, account = an_actor(session, (Role.ADMINISTRATOR, PROVINCE)), an_account(session)
    start = threading.Barrier(4)

    def grant():
        start.wait(10)
        with committed_database.transaction() as session:
            service.grant_membership(session, actor, account.id, Role.AUDITOR, PROVINCE, now=NOW)

    threads = [threading.Thread(target=grant) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with committed_database.transaction() as session:
        mine = select(func.count()).select_from(Membership).where(Membership.account_id == account.id)
        assert session.scalar(mine) == 1


def test_a_zones_operator_grants_neither_other_zones_nor_administration(session, operator):
    account = an_account(session)
    elsewhere = an_institute(session, region_code="420200")
    for role, scope in (
        (Role.OPERATOR, zone("420200")), (Role.OPERATOR, zone("420100")), (Role.ADMINISTRATOR, PROVINCE),
        (Role.AUDITOR, zone("420100")), (Role.AUDITOR, zone("999999")), (Role.INSTITUTE_MEMBER, of(elsewhere)),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            service.grant_membership(session, operator, account.id, role, scope, now=NOW)
    assert "grant_membership" not in actions(session)


def test_an_enterprise_of_another_zone_is_refused_like_one_that_does_not_exist(session, operator):
    account, elsewhere = an_account(session), an_enterprise(session, region_code="420200")
    said = []
    for scope in (of(elsewhere), Scope(ScopeKind.ORGANISATION, str(uuid4()))):
        with pytest.raises(Invalid) as refused:
            service.grant_membership(session, operator, account.id, Role.ENTERPRISE_MEMBER, scope, now=NOW)
        said.append(refused.value.data)
    assert said[0] == said[1]
    assert "grant_membership" not in actions(session)


def test_a_zones_operator_ends_nothing_beyond_the_own_reach(session, operator, administrator):
    account, elsewhere = an_account(session), an_enterprise(session, region_code="420200")
    theirs = [
        service.grant_membership(session, administrator, account.id, role, scope, now=NOW)
        for role, scope in ((Role.AUDITOR, PROVINCE), (Role.ENTERPRISE_MEMBER, of(elsewhere)))
    ]
    for membership_id in (*(membership.id for membership in theirs), uuid4()):
        with pytest.raises(NotFound):
            service.end_membership(session, operator, membership_id, now=NOW)
    assert all(membership.ended_at is None for membership in theirs)


def test_ending_twice_keeps_the_first_instant(session, administrator):
    granted = service.grant_membership(
        session, administrator, an_account(session).id, Role.BROKER, PROVINCE, now=NOW
    )
    for hours in (0, 5):
        service.end_membership(session, administrator, granted.id, now=NOW + timedelta(hours=hours))
    assert granted.ended_at == NOW


def test_a_stranger_learns_nothing_of_what_exists_by_trying_to_grant(session):
    stranger, account = an_actor(session), an_account(session)
    for scope in (of(an_enterprise(session)), Scope(ScopeKind.ORGANISATION, str(uuid4()))):
        with pytest.raises(Forbidden):
            service.grant_membership(session, stranger, account.id, Role.ENTERPRISE_MEMBER, scope, now=NOW)


def test_there_must_be_an_account_to_grant_to(session, administrator):
    with pytest.raises(NotFound):
        service.grant_membership(session, administrator, uuid4(), Role.BROKER, PROVINCE, now=NOW)


@pytest.mark.parametrize("scope", [zone("110000"), zone("auto-corridor"), Scope(ScopeKind.ORGANISATION, "not-a-uuid"),
                                   Scope(ScopeKind.ORGANISATION, "01a20830-6a35-7290-9892-ce11616c8308")])  # fmt: skip
def test_a_scope_must_name_something_that_exists(session, administrator, scope):
    with pytest.raises(Invalid) as refused:
        service.grant_membership(session, administrator, an_account(session).id, Role.AUDITOR, scope, now=NOW)
    assert refused.value.data["errors"][0]["field"] == "scope.id"


def test_members_belong_to_an_organisation_of_their_kind(session, administrator):
    account, enterprise, institute = an_account(session), an_enterprise(session), an_institute(session)
    for role, scope, field in (
        (Role.ENTERPRISE_MEMBER, of(institute), "scope.id"), (Role.TRANSFER_OFFICE, of(enterprise), "scope.id"),
        (Role.INSTITUTE_MEMBER, PROVINCE, "scope.kind"), (Role.ENTERPRISE_MEMBER, zone(), "scope.kind"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            service.grant_membership(session, administrator, account.id, role, scope, now=NOW)
        assert refused.value.data["errors"][0]["field"] == field


def test_a_node_is_a_scope_too(session, administrator):
    scope = Scope(ScopeKind.NODE, a_node(session).key)
    granted = service.grant_membership(
        session, administrator, an_account(session).id, Role.BROKER, scope, now=NOW
    )
    assert granted.held == Held(Role.BROKER, scope)


def test_an_operator_makes_collectors_of_the_own_zones_nodes_alone(session):
    own, account = a_node(session, region_code="420100"), an_account(session)
    here, elsewhere = (
        an_actor(session, (Role.OPERATOR, zone())),
        an_actor(session, (Role.OPERATOR, zone("420200"))),
    )
    scope = Scope(ScopeKind.NODE, own.key)
    for actor, role in ((elsewhere, Role.COLLECTOR), (here, Role.BROKER)):
        with pytest.raises(Forbidden):
            service.grant_membership(session, actor, account.id, role, scope, now=NOW)
    granted = service.grant_membership(session, here, account.id, Role.COLLECTOR, scope, now=NOW)
    assert service.show_account(session, here, account.id) is account
    with pytest.raises(NotFound):
        service.show_account(session, elsewhere, account.id)
    with pytest.raises(NotFound):
        service.end_membership(session, elsewhere, granted.id, now=NOW)
    assert service.end_membership(session, here, granted.id, now=NOW).ended_at == NOW


def test_nobody_is_given_a_role_in_a_node_that_is_closed_or_unknown(session, administrator):
    closed = a_node(session, closed_at=NOW, closing_reason="撤并")
    for key in (closed.key, "NOWHERE"):
        scope = Scope(ScopeKind.NODE, key)
        with pytest.raises(Invalid):
            service.grant_membership(
                session, administrator, an_account(session).id, Role.COLLECTOR, scope, now=NOW
            )


@pytest.mark.parametrize(("role", "kind", "reach"), [("king", "province", None), ("broker", "moon", "x"), ("broker", "zone", None),
                                                     ("broker", "province", "420100")])  # fmt: skip
def test_the_database_itself_refuses_impossible_memberships(session, role, kind, reach):
    account = an_account(session)
    session.add(Membership(account_id=account.id, role=role, scope_kind=kind, scope_id=reach, granted_at=NOW))
    with pytest.raises(IntegrityError):
        session.flush()


def test_an_account_speaks_for_the_organisations_of_its_roles_also_of_ended_ones(session):
    enterprise, institute = an_enterprise(session), an_institute(session)
    account = an_account(
        session,
        (Role.ENTERPRISE_MEMBER, of(enterprise)),
        (Role.INSTITUTE_MEMBER, of(institute)),
        (Role.BROKER, zone()),
    )
    session.scalars(select(Membership).where(Membership.role == Role.INSTITUTE_MEMBER)).one().ended_at = NOW
    session.flush()
    [person] = account.persons
    assert Account.organisations_of(session, [person]) == {person.id: {enterprise.id, institute.id}}


def test_an_account_without_roles_in_organisations_speaks_for_none(session):
    [person] = an_account(session, (Role.OPERATOR, PROVINCE)).persons
    assert Account.organisations_of(session, [person]) == {}


def test_roles_and_tokens_are_what_else_is_held_of_an_account(session):
    account = an_account(session, (Role.BROKER, zone()))
    service.issue_token_for(session, account, days=1, now=NOW)
    held = Account.held_besides(session, account.id)
    assert [role["scope_id"] for role in held["roles"]] == ["420100"]
    assert [sorted(token) for token in held["tokens"]] == [["created_at", "expires_at", "revoked_at"]]
    assert Account.held_besides(session, an_enterprise(session).id) == {"roles": [], "tokens": []}


def test_whoever_is_on_leave_belongs_to_whoever_could_give_the_roles_back(session, operator, administrator):
    manager = an_account(session, (Role.FUND_MANAGER, PROVINCE))
    (held,) = manager.memberships
    service.end_membership(session, administrator, held.id, now=NOW)
    assert not administers(session, operator, manager.id)
    assert administers(session, administrator, manager.id)
    assert administers(session, operator, an_account(session).id), "it never had a role"


def test_a_former_role_counts_where_a_password_is_to_be_set(session, operator, administrator):
    enterprise = an_enterprise(session, region_code="420100")
    account = an_account(session, (Role.FUND_MANAGER, PROVINCE), (Role.ENTERPRISE_MEMBER, of(enterprise)))
    former = next(row for row in account.memberships if row.role == Role.FUND_MANAGER)
    service.end_membership(session, administrator, former.id, now=NOW)
    assert administers(session, operator, account.id)
    with pytest.raises(NotFound):
        credentials.reset_password(session, operator, account.id, "given password of the test", now=NOW)


def test_the_last_administrator_of_the_province_is_not_ended(session, administrator):
    own = session.scalars(select(Membership).where(Membership.account_id == administrator.account_id)).one()
    with pytest.raises(LastAdministrator):
        service.end_membership(session, administrator, own.id, now=NOW)
    an_account(session, (Role.ADMINISTRATOR, PROVINCE))
    assert service.end_membership(session, administrator, own.id, now=NOW).ended_at == NOW
    assert service.end_membership(session, administrator, own.id, now=NOW).ended_at == NOW


def test_of_two_administrators_who_end_each_other_at_once_one_stays(committed_database):
    with committed_database.transaction() as session:
        rows = [an_account(session, (Role.ADMINISTRATOR, PROVINCE)).memberships[0] for _ in range(2)]
        others = {row.account_id: other.id for row, other in zip(rows, reversed(rows), strict=True)}
    together = threading.Barrier(2)

    def end(account_id):
        try:
            with committed_database.transaction() as session:
                actor = service.actor_of(session, account_id)
                together.wait()
                service.end_membership(session, actor, others[account_id], now=NOW)
        except LastAdministrator:
            return "refused"
        return "ended"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(end, others)) == ["ended", "refused"]
    with committed_database.transaction() as session:
        living = select(func.count()).select_from(Membership).where(Membership.ended_at.is_(None))
        assert session.scalar(living) == 1
