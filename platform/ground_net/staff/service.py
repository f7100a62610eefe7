"""Appointing people to nodes and ending their posts. A collector's post and role begin and end together."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backbone import audit, events
from backbone.actor import Actor, Role, Scope, ScopeKind
from backbone.clock import local_date
from backbone.days import refuse_future
from backbone.directory.permissions import has_zone
from backbone.errors import Bilingual, Forbidden, Invalid, NotFound
from backbone.identity.changing import MembershipEnded
from backbone.identity.memberships import end_membership, grant_membership
from backbone.identity.models import Account
from backbone.identity.service import names_of
from backbone.pages import Page, read_page
from backbone.people.erasing import PersonErased
from backbone.references import NO_SUCH_ACCOUNT
from ground_net.network.events import NodeClosed
from ground_net.network.models import NetworkNode
from ground_net.network.permissions import may_run
from ground_net.network.service import node_named, require_open_node
from ground_net.staff.errors import PostHeld
from ground_net.staff.models import COLLECTOR, NodePost

NAMES: Mapping[str, Bilingual] = {
    "lead": Bilingual("负责人", "lead"),
    "collector": Bilingual("采集员", "collector"),
    "member": Bilingual("工作人员", "member"),
}
SORTS = {"since_on": NodePost.since_on, "created_at": NodePost.created_at}


@dataclass(frozen=True)
class Post:
    """A post with the name of who holds it."""

    row: NodePost
    name: str | None


def appoint_staff(
    session: Session, actor: Actor, node_id: UUID, values: Mapping[str, Any], *, now: datetime
) -> Post:
    """Give somebody a function in an open node; a collector gets the role within the node too.

    Raises NotFound, Forbidden, NodeIsClosed, Invalid, PostHeld.
    """
    if not may_run(actor, node_named(session, node_id).region_code):
        raise Forbidden()
    node = require_open_node(session, node_id)
    _check(session, values, local_date(now))
    membership_id = None
    if values["function"] == COLLECTOR:
        reach = Scope(ScopeKind.NODE, node.key)
        account_id = values["account_id"]
        membership_id = grant_membership(session, actor, account_id, Role.COLLECTOR, reach, now=now).id
    post = NodePost(node_id=node.id, membership_id=membership_id, created_at=now, updated_at=now, **values)
    try:
        with session.begin_nested():
            session.add(post)
            session.flush()
    except IntegrityError as clash:
        if "uq_node_posts_held" not in str(clash.orig):
            raise
        raise PostHeld(key=node.key, function=NAMES[values["function"]]) from None
    audit.record(session, actor, "appoint_staff", post, now=now, after={"node_id": node.id, **values})
    return _named(session, [post])[0]


def end_post(session: Session, actor: Actor, post_id: UUID, *, now: datetime) -> Post:
    """The function is held no longer, nor is a collector's role; twice changes nothing. Raises NotFound."""
    found = session.execute(_with_node().where(NodePost.id == post_id)).first()
    if found is None or not may_run(actor, found[1]):
        raise NotFound()
    post: NodePost = found[0]
    if post.membership_id is not None:
        end_membership(session, actor, post.membership_id, now=now)  # the handler below ends the post
    _end(session, actor, [post], now)
    return _named(session, [post])[0]


def list_staff(session: Session, actor: Actor, node_id: UUID, asked: Mapping[str, Any]) -> Page[Post]:
    """The posts of a node, those held now unless asked otherwise; raises NotFound, Forbidden."""
    if not _may_know(session, actor, node_named(session, node_id)):
        raise Forbidden()
    query = select(NodePost).where(NodePost.node_id == node_id)
    if not asked.get("ended"):
        query = query.where(NodePost.ended_at.is_(None))
    page = read_page(session, query, asked, SORTS, NodePost.id)
    return Page(_named(session, page.items), page.next_cursor)


@events.on(MembershipEnded)
def end_with_the_role(session: Session, event: MembershipEnded) -> None:
    """A collector whose role was taken away, by whatever way, is no collector of the node any more."""
    _end_those(session, event.actor, event.now, NodePost.membership_id == event.membership_id)


@events.on(NodeClosed)
def end_with_the_node(session: Session, event: NodeClosed) -> None:
    """Nobody works in a closed node."""
    _end_those(session, event.actor, event.now, NodePost.node_id == event.node_id)


@events.on(PersonErased)
def end_with_the_person(session: Session, event: PersonErased) -> None:
    """Somebody erased works nowhere."""
    accounts = {person.holder_id for person in event.people if person.holder == Account.__tablename__}
    if accounts:
        _end_those(session, event.actor, event.now, NodePost.account_id.in_(accounts))


def _end_those(session: Session, actor: Actor, now: datetime, which: Any) -> None:
    standing = select(NodePost).where(which, NodePost.ended_at.is_(None)).order_by(NodePost.id)
    _end(session, actor, session.scalars(standing).all(), now)


def _end(session: Session, actor: Actor, posts: Collection[NodePost], now: datetime) -> None:
    for post in posts:
        session.refresh(post, with_for_update=True)
        if post.ended_at is None:
            post.ended_at = post.updated_at = now
            session.flush()
            audit.record(session, actor, "end_post", post, now=now, after={"ended_at": now})


def _check(session: Session, values: Mapping[str, Any], today: date) -> None:
    if session.get(Account, values["account_id"]) is None:
        raise Invalid.field("account_id", NO_SUCH_ACCOUNT)
    refuse_future("since_on", values["since_on"], today)


def _may_know(session: Session, actor: Actor, node: NetworkNode) -> bool:
    """Who runs the node, audits its zone, collects for it or works in it."""
    if may_run(actor, node.region_code) or has_zone(actor, node.region_code, Role.AUDITOR, Role.COLLECTOR):
        return True
    works = (
        NodePost.node_id == node.id,
        NodePost.account_id == actor.account_id,
        NodePost.ended_at.is_(None),
    )
    return node.key in actor.nodes(Role.COLLECTOR) or session.scalar(select(exists().where(*works))) is True


def _with_node() -> Select[NodePost, str]:
    return select(NodePost, NetworkNode.region_code).join(NetworkNode, NetworkNode.id == NodePost.node_id)


def _named(session: Session, posts: Collection[NodePost]) -> list[Post]:
    names = names_of(session, {post.account_id for post in posts})
    return [Post(post, names.get(post.account_id)) for post in posts]
