from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select, text

from backbone.actor import PROVINCE, SYSTEM, Role
from backbone.audit import AuditEvent
from backbone.chain.sealing import seal
from backbone.chain.verification import verify
from backbone.db import new_id, transaction
from backbone.directory.facts.models import EnterpriseFact
from backbone.directory.facts.service import record_fact
from backbone.errors import Forbidden, NotFound
from backbone.people.erasing import erase
from backbone.people.exporting import export
from backbone.people.finding import Asked
from backbone.people.normal import ERASED
from policy_pack.policies.service import repeal_policy
from policy_pack.policies.shipping import load_shipped
from policy_pack.receipts.errors import FactsErased, NoSuchPolicy
from policy_pack.receipts.models import CHAIN, EvaluationReceipt, FactSnapshot
from policy_pack.receipts.service import check_policies, digest_of, replay_receipt
from policy_pack.receipts.statement import ENGINE, sha256_of
from policy_pack.subjects.models import PolicyFact
from policy_pack.subjects.recording import record_facts
from tests.factories.chain import wait_until_due
from tests.factories.directory import MADE_AT, a_fact, an_enterprise
from tests.factories.identity import an_actor, of, zone
from tests.factories.people import everything, standing_in
from tests.factories.policy_facts import a_matter, a_policy_fact, a_shipped_policy
from tests.factories.policy_office import (
    AT,
    GRANT,
    Office,
    a_published_version,
    an_office,
    an_original,
)

TODAY = date(2026, 3, 10)


@pytest.fixture
def office(session) -> Office:
    return an_office(session)


@pytest.fixture
def enterprise(session):
    made = an_enterprise(session, staff_total=80)
    a_fact(session, made, kind="rd_expense", value=500_000_000)
    return made


@pytest.fixture
def member(session, enterprise):
    return an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))


def check(session, actor, enterprise, **given) -> list[EvaluationReceipt]:
    return check_policies(session, actor, enterprise.id, **{"as_of": TODAY, "now": AT} | given).receipts


def count(session, kind) -> int:
    return session.scalar(select(func.count()).select_from(kind)) or 0


# --- making ---


def test_every_policy_that_counts_leaves_one_receipt_in_the_order_of_their_numbers(
    session, office, enterprise, member
):
    versions = [a_published_version(office, key) for key in ("P801", "P802")]
    receipts = check(session, member, enterprise)
    assert [receipt.version_id for receipt in receipts] == [version.id for version in versions]
    assert {receipt.outcome for receipt in receipts} == {"eligible"}
    first = receipts[0]
    assert (first.text_sha256, first.engine, first.as_of) == (versions[0].wording.sha256, ENGINE, TODAY)
    assert (first.enterprise_id, first.policy_id, first.version_number) == (
        enterprise.id,
        versions[0].policy_id,
        1,
    )
    assert first.sha256 == sha256_of(bytes(first.statement))


def test_only_the_policies_asked_for_are_evaluated_and_an_unknown_one_is_named(
    session, office, enterprise, member
):
    for key in ("P801", "P802"):
        a_published_version(office, key)
    (receipt,) = check(session, member, enterprise, keys=["P802"])
    assert receipt.wording.content.startswith("id: P802")
    with pytest.raises(NoSuchPolicy) as refusal:
        check(session, member, enterprise, keys=["P801", "P999"])
    assert [error["problem"].zh for error in refusal.value.data["errors"]] == ["没有政策 P999"]


def test_the_same_question_gets_the_same_receipt_and_another_day_another(session, office, enterprise, member):
    a_published_version(office)
    (first,), (again,) = (
        check(session, member, enterprise),
        check(session, member, enterprise, now=AT + timedelta(days=1)),
    )
    assert again.id == first.id
    assert count(session, FactSnapshot) == 1
    (other,) = check(session, member, enterprise, as_of=TODAY + timedelta(days=1))
    assert other.id != first.id
    assert count(session, FactSnapshot) == 1, "the facts are the same"


def test_other_facts_are_another_snapshot_and_another_receipt(session, office, enterprise, member):
    a_published_version(office)
    (before,) = check(session, member, enterprise)
    enterprise.staff_total = 5
    session.flush()
    (after,) = check(session, member, enterprise)
    assert (before.outcome, after.outcome) == ("eligible", "ineligible")
    assert before.snapshot_id != after.snapshot_id
    assert before.snapshot_digest != after.snapshot_digest


def test_a_receipt_says_whether_the_version_was_verified_then(session, office, enterprise, member):
    version = a_published_version(office)
    (before,) = check(session, member, enterprise)
    an_original(office, version, signed=True)
    (after,) = check(session, member, enterprise)
    assert (before.verified, after.verified) == (False, True)
    assert before.id != after.id


def test_no_fact_of_the_enterprise_stands_in_what_cannot_be_erased(session, office, enterprise, member):
    enterprise.staff_total = 48_713
    a_published_version(office, amount=None)
    (receipt,) = check(session, member, enterprise)
    said = " ".join(str(getattr(receipt, column.name)) for column in EvaluationReceipt.__table__.columns)
    assert "48713" not in said
    assert receipt.snapshot.facts["staff_total"]["number"] == "48713"
    assert receipt.snapshot_digest == digest_of(receipt.snapshot.facts)


def test_one_event_tells_of_all_receipts_by_a_manifest(session, office, enterprise, member):
    for key in ("P801", "P802"):
        a_published_version(office, key)
    receipts = check(session, member, enterprise)
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "check_policies")).one()
    assert (event.subject_id, event.actor_id) == (receipts[0].snapshot_id, member.account_id)
    assert (event.after["receipts"], event.after["enterprise_id"]) == (2, str(enterprise.id))
    assert len(event.after["manifest"]) == 64


def test_of_a_repealed_policy_the_receipt_says_that_it_is_not_in_force(session, office, enterprise, member):
    version = a_published_version(office)
    repeal_policy(session, office.first, version.id, from_on=TODAY, reason="x", now=AT)
    (receipt,) = check(session, member, enterprise)
    assert (receipt.outcome, receipt.counts_to) == ("not_in_force", TODAY - timedelta(days=1))
    (before,) = check(session, member, enterprise, as_of=TODAY - timedelta(days=1))
    assert before.outcome == "eligible"


@pytest.mark.parametrize(
    ("role", "scope", "may"),
    [
        (Role.OPERATOR, zone("420100"), True), (Role.OPERATOR, zone("420500"), None), (Role.POLICY_OFFICER, PROVINCE, True),
        (Role.POLICY_OFFICER, zone("420500"), None), (Role.AUDITOR, PROVINCE, False), (Role.ADMINISTRATOR, PROVINCE, None),
    ],
)  # fmt: skip
def test_who_has_an_enterprise_evaluated(session, office, enterprise, role, scope, may):
    a_published_version(office)
    actor = an_actor(session, (role, scope))
    if may:
        assert len(check(session, actor, enterprise)) == 1
        return
    with pytest.raises(NotFound if may is None else Forbidden):
        check(session, actor, enterprise)
    assert count(session, EvaluationReceipt) == 0


def test_a_member_of_another_enterprise_learns_not_even_that_there_is_one(session, office, enterprise):
    stranger = an_actor(session, (Role.ENTERPRISE_MEMBER, of(an_enterprise(session))))
    with pytest.raises(NotFound):
        check(session, stranger, enterprise)
    with pytest.raises(NotFound):
        check_policies(session, stranger, new_id(), as_of=TODAY, now=AT)


# --- keeping ---


@pytest.mark.parametrize(
    "change", ["UPDATE evaluation_receipts SET outcome = 'eligible'", "DELETE FROM evaluation_receipts"]
)
def test_a_receipt_is_never_changed_or_taken_away(committed_database, owner, change):
    with transaction() as session:
        office = an_office(session)
        a_published_version(office)
        check(session, office.first, an_enterprise(session))
    for database in (committed_database, owner):
        with (
            pytest.raises(Exception, match=r"append-only|permission denied"),
            database.transaction() as session,
        ):
            session.execute(text(change))


def test_receipts_are_sealed_in_a_chain_of_their_own_and_a_tampered_one_is_found(committed_database, owner):
    with transaction() as session:
        office = an_office(session)
        a_published_version(office)
        receipts = check(session, office.first, an_enterprise(session))
    wait_until_due(committed_database)
    with transaction() as session:
        assert seal(session, CHAIN, now=AT) == len(receipts)
    with transaction() as session:
        assert not verify(session, CHAIN).findings
    with owner.transaction() as session:
        session.execute(text("ALTER TABLE evaluation_receipts DISABLE TRIGGER append_only"))
        session.execute(text("UPDATE evaluation_receipts SET outcome = 'eligible'"))
    with transaction() as session:
        assert verify(session, CHAIN).findings


def test_the_same_question_asked_twice_at_once_leaves_one_receipt(committed_database):
    with transaction() as session:
        office = an_office(session)
        a_published_version(office)
        enterprise, asker = an_enterprise(session, staff_total=20), office.first
    ready, ends = Barrier(2), []

    def ask() -> None:
        with transaction() as session:
            ready.wait()
            ends.append(check(session, asker, enterprise)[0].id)

    threads = [Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ends) == 2
    assert len(set(ends)) == 1


# --- replaying ---


def test_a_receipt_is_replayed_to_the_same_bytes_after_everything_has_changed(
    session, office, enterprise, member
):
    version = a_published_version(office, valid={"from": "2024-01-01"})
    (receipt,) = check(session, member, enterprise)
    kept = bytes(receipt.statement)
    later = a_published_version(
        office, valid={"from": "2026-03-01"}, amount=GRANT | {"cap": 300}, supersedes=version.id
    )
    an_original(office, version, signed=True)
    enterprise.staff_total, enterprise.region_code = 5, "420500"
    session.flush()
    session.expire_all()
    (now,) = check(session, office.first, enterprise)
    assert (now.version_id, now.outcome) == (later.id, "ineligible")
    replay = replay_receipt(session, member, receipt.id)
    assert (replay.same, replay.sha256, bytes(replay.receipt.statement)) == (True, receipt.sha256, kept)
    repeal_policy(session, office.first, later.id, from_on=date(2026, 3, 2), reason="x", now=AT)
    assert replay_receipt(session, member, now.id).same
    assert replay_receipt(session, member, receipt.id).same


def test_every_shipped_policy_is_replayed_to_the_same_bytes(session, enterprise, member):
    load_shipped(session, now=AT)
    a_fact(session, enterprise)
    receipts = check(session, member, enterprise)
    assert len(receipts) >= 40
    session.expire_all()
    assert all(replay_receipt(session, member, receipt.id).same for receipt in receipts)


def test_facts_that_were_exchanged_are_noticed(session, office, enterprise, member):
    a_published_version(office)
    (receipt,) = check(session, member, enterprise)
    receipt.snapshot.facts = receipt.snapshot.facts | {"staff_total": {"number": "9", "read": "x"}}
    session.flush()
    assert not replay_receipt(session, member, receipt.id).same


NAME, PHONE = "卫出处", "13712340000"


def erase_who_is_named(session):
    erasure = erase(session, SYSTEM, Asked("phone", PHONE), reason="本人申请 1", now=MADE_AT)
    session.expire_all()
    return erasure


@pytest.fixture
def named(session, enterprise, member):
    """An enterprise whose contact is named in the words that say where its figures come from."""
    enterprise.contact_name, enterprise.contact_phone = NAME, PHONE
    figure = {"kind": "total_assets", "value": 1, "as_of_on": date(2025, 12, 31), "source": f"{NAME}的年报"}
    record_fact(session, member, enterprise.id, figure, now=AT)
    said = {
        "matter_id": None,
        "as_of_on": date(2025, 12, 31),
        "valid_until_on": None,
        "source": f"{NAME}的说明",
    }
    record_facts(session, member, enterprise.id, said | {"facts": {"service_spend": 40}}, now=AT)
    return enterprise


def test_an_erased_person_stands_in_no_source_no_receipts_facts_and_no_history(
    session, office, named, member
):
    a_published_version(office)
    check(session, member, named)
    assert "fact_snapshots" in {table for table, _ in standing_in(everything(session), (NAME,))}
    assert erase_who_is_named(session).texts == 3
    assert standing_in(everything(session), (NAME,)) == []
    sources = (
        session.scalars(select(PolicyFact.source)).all()
        + session.scalars(select(EnterpriseFact.source)).all()
    )
    assert {f"{ERASED}的说明", f"{ERASED}的年报"} <= set(sources)


def test_erased_facts_leave_a_receipt_that_verifies_and_is_not_replayed(session, office, named, member):
    a_published_version(office)
    (receipt,) = check(session, member, named)
    erase_who_is_named(session)
    assert (receipt.snapshot.facts, receipt.snapshot.erased_at) == (None, MADE_AT)
    with pytest.raises(FactsErased) as refusal:
        replay_receipt(session, member, receipt.id)
    assert "2026-01-05" in refusal.value.sentence().zh
    assert receipt.sha256 == sha256_of(bytes(receipt.statement))
    (anew,) = check(session, member, named)
    assert anew.outcome == receipt.outcome
    assert replay_receipt(session, member, anew.id).same


def test_facts_that_name_nobody_or_a_namesake_elsewhere_stay(session, office, enterprise, member):
    enterprise.contact_name, enterprise.contact_phone = NAME, PHONE
    other = an_enterprise(session)
    a_policy_fact(session, other, source=f"{NAME}的说明")
    a_published_version(office)
    receipts = [*check(session, member, enterprise), *check(session, office.first, other)]
    assert erase_who_is_named(session).texts == 0
    assert all(replay_receipt(session, office.first, each.id).same for each in receipts)


def test_a_person_is_told_where_facts_name_them_and_nothing_of_the_facts(session, office, named, member):
    a_published_version(office)
    check(session, member, named)
    told = export(session, Asked("phone", PHONE), now=AT)["named_in_texts"]
    read = [each["value"] for each in told if each["record"] == "fact_snapshots"]
    assert read == [f"total_assets 2025-12-31: {NAME}的年报 | {NAME}的说明 (2025-12-31)"]


def test_another_enterprises_receipt_is_not_replayed(session, office, enterprise, member):
    a_published_version(office)
    (receipt,) = check(session, member, enterprise)
    for stranger in (
        an_actor(session, (Role.ENTERPRISE_MEMBER, of(an_enterprise(session)))),
        an_actor(session, (Role.OPERATOR, zone("420500"))),
    ):
        with pytest.raises(NotFound):
            replay_receipt(session, stranger, receipt.id)


def test_a_receipt_about_a_contract_rests_on_that_contract(session, clock):
    enterprise, office = an_enterprise(session), an_office(session)
    a_shipped_policy(session, "P29", office)
    matter = a_matter(session, enterprise)
    a_policy_fact(session, enterprise, key="contract_registered", value={"flag": True}, matter_id=matter.id)
    a_policy_fact(session, enterprise, key="contract_type", value={"text": "开发"}, matter_id=matter.id)
    day = clock.now().date()

    def checked(matter_id=None):
        check = check_policies(
            session, office.first, enterprise.id, as_of=day, matter_id=matter_id, now=clock.now()
        )
        return check.matter_id, check.receipts[0].outcome

    assert checked(matter.id) == checked() == (matter.id, "eligible"), "the only one is meant"
    a_matter(session, enterprise)
    assert checked() == (None, "missing_facts")
    assert checked(matter.id) == (matter.id, "eligible")
