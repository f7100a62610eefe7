from datetime import date
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError

from backbone.actor import PROVINCE, Role
from backbone.audit import AuditEvent
from backbone.db import new_id, transaction
from backbone.errors import DomainError, Forbidden, NotFound, StateConflict
from policy_pack.engine.packs import PackRefused
from policy_pack.policies.errors import NotItsPolicy, OwnReview, RepealsNothing, TextOnRecord, TwoInForce
from policy_pack.policies.models import PolicyText, PolicyVersion, RegisteredPolicy
from policy_pack.policies.service import publish_policy, repeal_policy, review_policy, upload_policy
from policy_pack.policies.texts import bounds, sha256_of
from tests.factories.identity import an_actor, zone
from tests.factories.policy_office import (
    AT,
    Office,
    a_draft,
    a_published_version,
    a_reviewed_version,
    a_text,
    an_office,
)


@pytest.fixture
def office(session) -> Office:
    return an_office(session)


def rows(session, kind) -> int:
    return session.scalar(select(func.count()).select_from(kind)) or 0


def days(version: PolicyVersion) -> tuple[date | None, date | None] | None:
    """None for a version that counts on no day."""
    assert version.span is not None
    return None if version.span.isempty else bounds(version.span)


# --- handing in ---


def test_a_text_that_is_handed_in_is_a_draft_of_its_policy(office):
    words = a_text(valid={"from": "2026-01-01"})
    version = upload_policy(office.session, office.first, words, "P801.yaml", now=AT)
    assert (version.state, version.number, version.origin) == ("draft", 1, "officer")
    assert (version.category, version.grade, version.span) == ("R", "B", None)
    assert version.policy.key == "P801"
    assert (version.wording.content, version.wording.sha256) == (words, sha256_of(words))
    assert version.uploaded_by == office.first.account_id


def test_a_faulty_text_is_refused_with_file_line_and_clause_and_nothing_is_stored(office):
    faulty = a_text().replace("fact: rd_spend", "fact: rd_spent")
    faulty = faulty.replace("above: 0", "above: [")
    with pytest.raises(PackRefused) as refusal:
        upload_policy(office.session, office.first, faulty, "P801.yaml", now=AT)
    problem = refusal.value.data["errors"][0]
    assert problem["field"].startswith("P801.yaml:")
    assert problem["problem"].zh
    assert [rows(office.session, kind) for kind in (RegisteredPolicy, PolicyText, PolicyVersion)] == [0, 0, 0]


def test_a_fact_that_nobody_knows_is_refused(office):
    with pytest.raises(PackRefused):
        upload_policy(
            office.session, office.first, a_text().replace("rd_spend", "rd_spent"), "x.yaml", now=AT
        )
    assert rows(office.session, PolicyText) == 0


def test_the_same_text_twice_is_refused_and_names_the_version(office):
    first = a_draft(office)
    with pytest.raises(TextOnRecord) as refusal:
        a_draft(office)
    assert refusal.value.data == {"key": "P801", "number": 1, "version_id": first.id}
    assert rows(office.session, PolicyVersion) == 1


def test_another_text_of_the_policy_is_its_next_version(office):
    first, second, other = a_draft(office), a_draft(office, status="draft"), a_draft(office, "P802")
    assert (second.policy_id, second.number) == (first.policy_id, 2)
    assert (other.number, other.policy.number) == (1, first.policy.number + 1)


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        (Role.OPERATOR, PROVINCE), (Role.ADMINISTRATOR, PROVINCE), (Role.AUDITOR, PROVINCE),
        (Role.POLICY_OFFICER, zone("420100")),
    ],
)  # fmt: skip
def test_only_a_policy_officer_of_the_province_moves_a_version(office, role, scope):
    stranger, session = an_actor(office.session, (role, scope)), office.session
    draft = a_draft(office)
    moves = (
        lambda: upload_policy(session, stranger, a_text("P9"), "x.yaml", now=AT),
        lambda: review_policy(session, stranger, draft.id, approved=True, now=AT),
        lambda: publish_policy(session, stranger, draft.id, now=AT),
        lambda: repeal_policy(session, stranger, draft.id, from_on=date(2026, 1, 1), reason="x", now=AT),
    )
    for move in moves:
        with pytest.raises(Forbidden):
            move()


# --- reviewing ---


def test_a_second_person_reviews_a_draft(office):
    version = a_draft(office)
    review_policy(office.session, office.second, version.id, approved=True, note="与原文一致", now=AT)
    assert (version.state, version.review_note) == ("reviewed", "与原文一致")
    assert (version.reviewed_by, version.reviewed_at) == (office.second.account_id, AT)


def test_nobody_reviews_what_they_uploaded_neither_to_approve_nor_to_return(office):
    version = a_draft(office)
    for approved in (True, False):
        with pytest.raises(OwnReview) as refusal:
            review_policy(office.session, office.first, version.id, approved=approved, now=AT)
        assert "第二人" in refusal.value.sentence().zh
    assert version.state == "draft"


def test_the_database_itself_knows_that_a_review_takes_two(office):
    version = a_draft(office)
    version.state, version.reviewed_by, version.reviewed_at = "reviewed", version.uploaded_by, AT
    with pytest.raises(IntegrityError, match="second_person"):
        office.session.flush()


def test_the_database_itself_publishes_nothing_unreviewed(office):
    version = a_draft(office)
    version.state, version.span = "published", Range(date(2026, 1, 1), None)
    with pytest.raises(IntegrityError, match="nothing_unreviewed"):
        office.session.flush()


def test_a_returned_draft_goes_nowhere(office):
    version = a_draft(office)
    review_policy(office.session, office.second, version.id, approved=False, note="第 2 条漏字", now=AT)
    assert version.state == "returned"
    with pytest.raises(StateConflict):
        publish_policy(office.session, office.first, version.id, now=AT)


# --- publishing ---


def test_publishing_what_was_not_reviewed_is_refused(office):
    with pytest.raises(StateConflict) as refusal:
        publish_policy(office.session, office.first, a_draft(office).id, now=AT)
    assert refusal.value.data["allowed"] == ["review", "return"]


def test_a_published_version_counts_on_the_days_of_its_text_both_ends_included(office):
    version = a_published_version(office, valid={"from": "2026-01-01", "to": "2026-12-31"})
    assert (version.state, version.published_by) == ("published", office.first.account_id)
    office.session.refresh(version)
    assert days(version) == (date(2026, 1, 1), date(2026, 12, 31))


def test_a_text_without_days_counts_for_ever(office):
    assert days(a_published_version(office)) == (None, None)


def test_two_versions_that_overlap_are_not_both_in_force(office):
    a_published_version(office, valid={"from": "2026-01-01", "to": "2026-06-30"})
    late = a_reviewed_version(office, valid={"from": "2026-06-30"})
    with pytest.raises(TwoInForce) as refusal:
        publish_policy(office.session, office.first, late.id, now=AT)
    assert refusal.value.data["other"] == 1
    assert "2026-01-01 – 2026-06-30" in refusal.value.sentence().zh
    assert "2026-06-30" in str(refusal.value.sentence())
    assert late.state == "reviewed"


def test_versions_that_follow_each_other_are_both_published(office):
    a_published_version(office, valid={"from": "2026-01-01", "to": "2026-06-30"})
    later = a_published_version(office, valid={"from": "2026-07-01"})
    assert later.state == "published"


def test_versions_of_two_policies_do_not_stand_in_each_others_way(office):
    a_published_version(office)
    assert a_published_version(office, "P802").state == "published"


def test_superseding_ends_the_former_on_the_day_before(office):
    former = a_published_version(office, valid={"from": "2024-01-01"})
    later = a_published_version(office, valid={"from": "2026-01-01"}, supersedes=former.id)
    assert (former.state, days(former)) == ("superseded", (date(2024, 1, 1), date(2025, 12, 31)))
    assert (former.ended_by, former.ended_at) == (office.first.account_id, AT)
    assert days(later) == (date(2026, 1, 1), None)


def test_superseding_lengthens_nothing(office):
    former = a_published_version(office, valid={"from": "2024-01-01", "to": "2024-12-31"})
    a_published_version(office, valid={"from": "2026-01-01"}, supersedes=former.id)
    assert days(former) == (date(2024, 1, 1), date(2024, 12, 31))


def test_a_correction_from_the_first_day_leaves_the_former_no_day(office):
    former = a_published_version(office, valid={"from": "2024-01-01"})
    a_published_version(office, valid={"from": "2024-01-01"}, status="corrected", supersedes=former.id)
    assert days(former) is None
    open_former = a_published_version(office, "P802")
    a_published_version(office, "P802", status="corrected", supersedes=open_former.id)
    assert days(open_former) is None


def test_only_a_published_version_of_the_same_policy_is_superseded(office):
    other, draft = a_published_version(office, "P802"), a_draft(office)
    version = a_reviewed_version(office, status="corrected")
    for wrong in (other.id, new_id()):
        with pytest.raises(NotItsPolicy):
            publish_policy(office.session, office.first, version.id, supersedes=wrong, now=AT)
    with pytest.raises(StateConflict):
        publish_policy(office.session, office.first, version.id, supersedes=draft.id, now=AT)
    with pytest.raises(StateConflict):
        publish_policy(office.session, office.first, version.id, supersedes=version.id, now=AT)
    assert (version.state, other.state) == ("reviewed", "published")


def test_the_database_itself_keeps_two_spans_of_a_policy_apart(office):
    a_published_version(office, valid={"from": "2026-01-01"})
    other = a_reviewed_version(office, valid={"from": "2026-03-01"})
    other.state, other.span = "published", Range(date(2026, 3, 1), None)
    with pytest.raises(IntegrityError, match="one_in_force"):
        office.session.flush()


def test_a_published_text_is_never_changed_or_taken_away(office):
    version = a_published_version(office)
    for change in ("UPDATE policy_texts SET content = 'x'", "DELETE FROM policy_texts"):
        with pytest.raises(Exception, match=r"append-only|permission denied"), office.session.begin_nested():
            office.session.execute(text(change))
    office.session.refresh(version)
    assert version.wording.sha256 == sha256_of(version.wording.content)


# --- repealing ---


def test_a_repealed_version_counts_until_the_day_before(office):
    version = a_published_version(office, valid={"from": "2024-01-01", "to": "2026-12-31"})
    repeal_policy(
        office.session, office.second, version.id, from_on=date(2026, 3, 1), reason="鄂科〔2026〕1号", now=AT
    )
    assert (version.state, version.end_reason) == ("repealed", "鄂科〔2026〕1号")
    assert days(version) == (date(2024, 1, 1), date(2026, 2, 28))


def test_a_repealed_version_is_neither_published_nor_reviewed_again(office):
    version = a_published_version(office)
    repeal_policy(office.session, office.first, version.id, from_on=date(2026, 3, 1), reason="x", now=AT)
    for move in (
        lambda: publish_policy(office.session, office.first, version.id, now=AT),
        lambda: review_policy(office.session, office.second, version.id, approved=True, now=AT),
    ):
        with pytest.raises(StateConflict) as refusal:
            move()
        assert refusal.value.data["state"] == "repealed"


def test_a_version_that_ends_on_a_day_to_come_can_end_earlier_and_never_later(office):
    """Neither could be done: the one refusal said to supersede it, the other that it was superseded."""
    former = a_published_version(office, valid={"from": "2024-01-01"})
    later = a_published_version(office, valid={"from": "2027-01-01"}, supersedes=former.id)
    sooner = a_published_version(
        office, valid={"from": "2026-07-01", "to": "2026-12-31"}, supersedes=former.id
    )
    assert (former.state, days(former)) == ("superseded", (date(2024, 1, 1), date(2026, 6, 30)))
    repeal_policy(office.session, office.first, former.id, from_on=date(2026, 5, 1), reason="x", now=AT)
    assert (former.state, days(former)) == ("repealed", (date(2024, 1, 1), date(2026, 4, 30)))
    repeal_policy(office.session, office.first, former.id, from_on=date(2026, 4, 1), reason="y", now=AT)
    assert (former.end_reason, days(former)) == ("y", (date(2024, 1, 1), date(2026, 3, 31)))
    with pytest.raises(RepealsNothing):
        repeal_policy(office.session, office.first, former.id, from_on=date(2026, 4, 2), reason="x", now=AT)
    assert (days(sooner), days(later)) == ((date(2026, 7, 1), date(2026, 12, 31)), (date(2027, 1, 1), None))


def test_a_version_without_a_day_gets_none_back(office):
    former = a_published_version(office, valid={"from": "2024-01-01"})
    a_published_version(office, valid={"from": "2024-01-01"}, status="corrected", supersedes=former.id)
    with pytest.raises(RepealsNothing):
        repeal_policy(office.session, office.first, former.id, from_on=date(2026, 1, 1), reason="x", now=AT)
    third = a_reviewed_version(office, valid={"from": "2020-01-01", "to": "2020-12-31"})
    publish_policy(office.session, office.first, third.id, supersedes=former.id, now=AT)
    assert days(former) is None


def test_a_reviewed_version_still_goes_back_before_it_is_published(office):
    version = a_reviewed_version(office)
    review_policy(office.session, office.second, version.id, approved=False, note="附件有误", now=AT)
    assert (version.state, version.review_note) == ("returned", "附件有误")
    with pytest.raises(StateConflict):
        publish_policy(office.session, office.first, version.id, now=AT)


def test_a_repeal_after_the_last_day_is_refused(office):
    version = a_published_version(office, valid={"from": "2024-01-01", "to": "2024-12-31"})
    with pytest.raises(RepealsNothing) as refusal:
        repeal_policy(office.session, office.first, version.id, from_on=date(2025, 1, 1), reason="x", now=AT)
    assert "2024-12-31" in refusal.value.data["errors"][0]["problem"].zh
    repeal_policy(office.session, office.first, version.id, from_on=date(2024, 12, 31), reason="x", now=AT)
    assert days(version) == (date(2024, 1, 1), date(2024, 12, 30))


def test_what_there_is_none_of_is_not_found(office):
    for move in (
        lambda: review_policy(office.session, office.first, new_id(), approved=True, now=AT),
        lambda: publish_policy(office.session, office.first, new_id(), now=AT),
    ):
        with pytest.raises(NotFound):
            move()


# --- what it leaves ---


def test_each_step_leaves_its_event_with_what_it_changed(office):
    former = a_published_version(office, valid={"from": "2024-01-01"})
    later = a_published_version(office, valid={"from": "2026-01-01"}, supersedes=former.id)
    events = office.session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    of_later = [event for event in events if event.subject_id == later.id]
    assert [event.action for event in of_later] == ["upload_policy", "review_policy", "publish_policy"]
    assert of_later[0].after["sha256"] == later.wording.sha256
    assert of_later[2].after["span"] == ["2026-01-01", None]
    superseded = next(event for event in events if event.action == "supersede_policy")
    assert (superseded.subject_id, superseded.before["state"]) == (former.id, "published")
    assert superseded.after["span"] == ["2024-01-01", "2025-12-31"]


# --- at once ---


def race(*acts) -> list[BaseException | None]:
    """What became of each act, all begun together in transactions and threads of their own."""
    ends: list[BaseException | None] = [None] * len(acts)
    ready = Barrier(len(acts))

    def run(place: int) -> None:
        try:
            with transaction() as session:
                ready.wait()
                acts[place](session)
        except BaseException as end:
            ends[place] = end

    threads = [Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_officers_who_publish_overlapping_versions_at_once_exactly_one_wins(
    committed_database, attempt
):
    with transaction() as session:
        office = an_office(session)
        ids = [a_reviewed_version(office, valid={"from": day}).id for day in ("2026-01-01", "2026-02-01")]
        officers = (office.first, office.second)
    ends = race(
        *(
            lambda session, officer=officer, version_id=version_id: publish_policy(
                session, officer, version_id, now=AT
            )
            for officer, version_id in zip(officers, ids, strict=True)
        )
    )
    assert sorted(end is None for end in ends) == [False, True]
    assert isinstance(next(end for end in ends if end), TwoInForce)
    with transaction() as session:
        states = session.scalars(select(PolicyVersion.state).order_by(PolicyVersion.state)).all()
    assert states == ["published", "reviewed"]


def test_of_two_who_supersede_the_same_version_at_once_exactly_one_wins(committed_database):
    with transaction() as session:
        office = an_office(session)
        former = a_published_version(office, valid={"from": "2024-01-01"}).id
        ids = [a_reviewed_version(office, valid={"from": day}).id for day in ("2026-01-01", "2026-02-01")]
        officers = (office.first, office.second)
    ends = race(
        *(
            lambda session, officer=officer, version_id=version_id: publish_policy(
                session, officer, version_id, supersedes=former, now=AT
            )
            for officer, version_id in zip(officers, ids, strict=True)
        )
    )
    assert sorted(end is None for end in ends) == [False, True]
    assert isinstance(next(end for end in ends if end), DomainError)


def test_the_same_text_handed_in_twice_at_once_is_one_version(committed_database):
    with transaction() as session:
        office = an_office(session)
        officers = (office.first, office.second)
    words = a_text()
    ends = race(
        *(
            lambda session, officer=officer: upload_policy(session, officer, words, "P801.yaml", now=AT)
            for officer in officers
        )
    )
    assert sorted(end is None for end in ends) == [False, True]
    assert isinstance(next(end for end in ends if end), TextOnRecord)
    with transaction() as session:
        assert (
            rows(session, PolicyVersion) == rows(session, RegisteredPolicy) == rows(session, PolicyText) == 1
        )
