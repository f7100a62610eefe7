"""Evaluating enterprises anew, and telling their members what is news; all of one round in one transaction."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backbone.actor import Actor, Role
from backbone.clock import local_date
from backbone.db import IN_ONE, new_id
from backbone.directory.models import Enterprise
from backbone.errors import Bilingual
from backbone.identity.reaching import members_of
from backbone.notices.service import Notice, notify_each, the_same_to
from backbone.pages import Page, read_page
from policy_pack.deadlines import Deadline, deadline_of
from policy_pack.engine.definition import label_of
from policy_pack.engine.dictionary import DICTIONARY
from policy_pack.engine.many import Many
from policy_pack.engine.policy import Pack, Policy
from policy_pack.policies.reading import InForce, in_force_on
from policy_pack.policies.texts import policy_of
from policy_pack.pushes.models import PolicyNews
from policy_pack.pushes.news import NOTHING_YET, News, Told, news_of
from policy_pack.pushes.told import told_before
from policy_pack.subjects.permissions import CAN_READ, enterprise_for
from policy_pack.subjects.service import Gathered, Subject, gather_subjects


@dataclass(frozen=True)
class _Policy:
    """A verified policy in force, until when, and whether it asks about a matter."""

    counting: InForce
    deadline: Deadline
    is_of_matter: bool


def tell_news(
    session: Session, enterprise_ids: Collection[UUID], *, keys: Collection[str] | None = None, now: datetime
) -> int:
    """Evaluate the enterprises under the policies of these keys, or all, and tell what is news; returns how much was."""
    today = local_date(now)
    policies = [
        _looked_at(session, each, today)
        for each in in_force_on(session, today, keys)
        if each.version.is_verified
    ]
    many = Many(Pack({each.counting.policy.id: each.counting.policy for each in policies}), today)
    found = gather_subjects(session, enterprise_ids, today)
    told = told_before(session, enterprise_ids)
    rows = [
        _row(subject, policy.counting, news, now)
        for subject, gathered in sorted(found.items(), key=lambda each: str(each[0]))
        for policy, news in _news(subject, gathered, policies, many, told, today)
    ]
    if not rows:
        return 0
    new = insert(PolicyNews).on_conflict_do_nothing().returning(PolicyNews.id)
    written = set(session.scalars(new, rows, execution_options=IN_ONE))
    _notify(session, [row for row in rows if row["id"] in written], policies, now)
    return len(written)


def list_news(
    session: Session, actor: Actor, enterprise_id: UUID, asked: Mapping[str, Any]
) -> Page[dict[str, Any]]:
    """What the enterprise was told, the latest first unless asked otherwise; raises NotFound."""
    enterprise_for(session, actor, enterprise_id, CAN_READ)
    query = select(PolicyNews).where(PolicyNews.enterprise_id == enterprise_id)
    if asked.get("kind"):
        query = query.where(PolicyNews.kind.in_(asked["kind"]))
    page = read_page(session, query, asked, {"told_at": PolicyNews.told_at}, PolicyNews.id)
    return Page([_view(row) for row in page.items], page.next_cursor)


def asks_about_matter(policy: Policy) -> bool:
    """Whether it reads facts of one contract, product or project."""
    return any(key in DICTIONARY and DICTIONARY[key].per != "enterprise" for key in policy.reads)


def labels_of(keys: Collection[str]) -> list[Bilingual]:
    """What facts are called."""
    return [label_of(key, DICTIONARY) for key in keys]


def _view(row: PolicyNews) -> dict[str, Any]:
    policy = policy_of(row.of_version.wording)
    names = (
        "id",
        "enterprise_id",
        "policy_id",
        "matter_id",
        "version_id",
        "kind",
        "missing",
        "until_on",
        "told_at",
    )
    said = {name: getattr(row, name) for name in names}
    return said | {"key": policy.id, "name": policy.name, "missing_labels": labels_of(row.missing)}


def _looked_at(session: Session, counting: InForce, today: date) -> _Policy:
    return _Policy(counting, deadline_of(session, counting.policy, today), asks_about_matter(counting.policy))


def _news(
    subject: Subject,
    gathered: Gathered,
    policies: Collection[_Policy],
    many: Many,
    told: Mapping[tuple[Subject, UUID], Told],
    today: date,
) -> Iterator[tuple[_Policy, News]]:
    """A policy that asks about no matter says nothing else beside one."""
    for policy, evaluation in zip(policies, many.evaluate(gathered[0]), strict=True):
        if subject[1] is not None and not policy.is_of_matter:
            continue
        news = news_of(
            policy.counting.policy, evaluation, today,
            version=policy.counting.version.number, is_closing=policy.deadline.is_closing,
            before=told.get((subject, policy.counting.version.policy_id), NOTHING_YET),
        )  # fmt: skip
        if news is not None:
            yield policy, news


def _row(subject: Subject, counting: InForce, news: News, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(), "enterprise_id": subject[0], "matter_id": subject[1], "policy_id": counting.version.policy_id,
        "version_id": counting.version.id, "kind": news.kind, "mark": news.mark, "missing": list(news.missing),
        "until_on": counting.policy.validity.last, "told_at": now,
    }  # fmt: skip


def _notify(
    session: Session, written: Collection[Mapping[str, Any]], policies: Collection[_Policy], now: datetime
) -> None:
    told = {row["enterprise_id"] for row in written}
    if not told:
        return
    members = members_of(session, told, Role.ENTERPRISE_MEMBER)
    zones = dict(
        session.execute(select(Enterprise.id, Enterprise.region_code).where(Enterprise.id.in_(told))).all()
    )
    by_id = {policy.counting.version.policy_id: policy for policy in policies}
    notices: list[Notice] = []
    for row in written:
        policy, accounts = by_id[row["policy_id"]], members.get(row["enterprise_id"], ())
        about = (row["policy_id"], policy.counting.policy.id, zones[row["enterprise_id"]])
        notices += the_same_to(
            accounts, f"policy:{row['id']}", f"policy_{row['kind']}", about, _payload(row, policy)
        )
    if notices:
        notify_each(session, notices, now=now)


def _payload(row: Mapping[str, Any], policy: _Policy) -> dict[str, Any]:
    name, until = policy.counting.policy.name, policy.deadline.until_on
    return {
        "policy": {"zh": name.zh, "en": str.__str__(name)},
        "until_on": None if until is None else until.isoformat(),
        "working_days_left": policy.deadline.working_days_left,
        "missing": [{"zh": label.zh, "en": str.__str__(label)} for label in labels_of(row["missing"])],
    }  # fmt: skip
