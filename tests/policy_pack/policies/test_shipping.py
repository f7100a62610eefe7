from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from backbone.audit import AuditEvent
from backbone.db import transaction
from policy_pack.engine.packs import PackRefused, shipped_pack
from policy_pack.policies.models import PolicyVersion, RegisteredPolicy
from policy_pack.policies.service import publish_policy, review_policy
from policy_pack.policies.shipping import Shipped, load_shipped
from policy_pack.policies.texts import policy_of
from tests.factories.policy_office import AT, a_draft, a_text, an_office


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "P801.yaml").write_text(a_text(), "utf-8")
    (tmp_path / "relations.yaml").write_text("relations: []", "utf-8")
    return tmp_path


def test_the_shipped_pack_becomes_the_first_published_versions_by_nobodys_hand(session):
    loaded = load_shipped(session, now=AT)
    rows = session.scalars(select(RegisteredPolicy).order_by(RegisteredPolicy.number)).all()
    assert [row.key for row in rows] == list(shipped_pack().policies)
    assert loaded == Shipped(published=len(rows))
    for row in rows:
        (version,) = row.versions
        assert (version.state, version.origin, version.uploaded_by, version.reviewed_by) == (
            "published", "shipped", None, None,
        )  # fmt: skip
        policy = policy_of(version.wording)
        assert policy == shipped_pack().policies[row.key]
        assert policy.source.at
        assert version.is_verified == (policy.source.grade == "A")


def test_loading_again_changes_nothing(session, folder):
    assert load_shipped(session, now=AT, folder=folder) == Shipped(published=1)
    assert load_shipped(session, now=AT, folder=folder) == Shipped(known=1)
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == 1


def test_another_text_in_a_new_release_is_a_draft_for_officers_to_judge(session, folder):
    load_shipped(session, now=AT, folder=folder)
    (folder / "P801.yaml").write_text(a_text(level="武汉"), "utf-8")
    assert load_shipped(session, now=AT, folder=folder) == Shipped(drafts=1)
    first, draft = session.scalars(select(PolicyVersion).order_by(PolicyVersion.number)).all()
    assert (first.state, draft.state, draft.origin) == ("published", "draft", "shipped")
    office = an_office(session)
    review_policy(session, office.first, draft.id, approved=True, now=AT)
    publish_policy(session, office.first, draft.id, supersedes=first.id, now=AT)
    assert (first.state, draft.state) == ("superseded", "published")


def test_a_policy_that_officers_registered_before_is_not_published_over_their_heads(session, folder):
    a_draft(an_office(session), level="officers' own")
    assert load_shipped(session, now=AT, folder=folder) == Shipped(drafts=1)


def test_a_faulty_file_keeps_the_whole_pack_out(session, folder):
    (folder / "P802.yaml").write_text("id: P802", "utf-8")
    with pytest.raises(PackRefused) as refusal:
        load_shipped(session, now=AT, folder=folder)
    assert refusal.value.data["errors"][0]["field"].startswith("P802.yaml")
    assert session.scalar(select(func.count()).select_from(RegisteredPolicy)) == 0


def test_each_text_leaves_an_event_that_names_nobody(session, folder):
    load_shipped(session, now=AT, folder=folder)
    event = session.scalars(select(AuditEvent)).one()
    assert (event.action, event.actor_id) == ("ship_policy", None)
    assert (event.after["key"], event.after["file_name"]) == ("P801", "P801.yaml")


def test_two_processes_that_start_at_once_load_it_once(committed_database, folder):
    ready, loaded = Barrier(2), []

    def load() -> None:
        with transaction() as session:
            ready.wait()
            loaded.append(load_shipped(session, now=AT, folder=folder))

    threads = [Thread(target=load) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(loaded, key=lambda each: each.known) == [Shipped(published=1), Shipped(known=1)]
