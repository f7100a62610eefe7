"""Targets: set by who runs the zone or the node, read by who is told its figures."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import resources
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.clock import local_date
from backbone.days import refuse_future
from backbone.directory.regions import regions_of
from backbone.errors import Bilingual, Forbidden, Invalid
from backbone.pages import Page, read_page
from ground_net.figures.models import FigureTarget
from ground_net.figures.permissions import Reach, reach_of
from ground_net.figures.words import FIGURES, PERCENT, SHARE
from ground_net.network.models import NetworkNode
from ground_net.network.permissions import may_run, runs_any
from ground_net.network.reading import NO_SUCH_NODE

SORTS = {"year": FigureTarget.year, "recorded_at": FigureTarget.recorded_at}
ONE_OF = Bilingual("须在地区与节点中恰填一项", "Name either a region or a node")
PER_CENT = Bilingual("比率的目标为百分数，最多 100", "The target of a share is in per cent, at most 100")


def set_target(session: Session, actor: Actor, values: Mapping[str, Any], *, now: datetime) -> FigureTarget:
    """What a region or a node is to reach in a year; the latest stands. Raises Forbidden, Invalid."""
    if not runs_any(actor):
        raise Forbidden()
    said = dict(values)
    said["region_code"] = _region_of(session, said)
    if not may_run(actor, said["region_code"]):
        raise Forbidden()
    if FIGURES[said["figure"]].unit == SHARE and said["value"] > PERCENT:
        raise Invalid.field("value", PER_CENT)
    refuse_future("as_of_on", said.get("as_of_on"), local_date(now))
    target = FigureTarget(**said, recorded_at=now)
    session.add(target)
    session.flush()
    audit.record(session, actor, "set_figure_target", target, now=now, after=said)
    return target


def list_targets(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Page[FigureTarget]:
    """A page of the targets of the actor's zones and nodes, those that were replaced among them; raises Forbidden."""
    told = reach_of(session, actor).condition(FigureTarget.region_code, FigureTarget.node_key)
    query = select(FigureTarget).where(told)
    if asked.get("year"):
        query = query.where(FigureTarget.year == asked["year"])
    if asked.get("within"):
        query = query.where(FigureTarget.region_code.in_(regions_of(asked["within"])))
    return read_page(session, query, asked, SORTS, FigureTarget.id)


def standing_targets(session: Session, reach: Reach, year: int) -> Sequence[FigureTarget]:
    """The latest target of each region or node and figure for a year."""
    told = reach.condition(FigureTarget.region_code, FigureTarget.node_key)
    query = select(FigureTarget).where(FigureTarget.year == year, told).order_by(FigureTarget.id)
    latest = {(row.region_code, row.node_key, row.figure): row for row in session.scalars(query)}
    return list(latest.values())


def load_published(session: Session, actor: Actor, *, now: datetime) -> int:
    """Set the published targets that were never set; how many that were. Whoever changed one keeps the change."""
    text = resources.files(__package__).joinpath("published_targets.yaml").read_text("utf-8")
    set_now = 0
    for row in yaml.safe_load(text)["targets"]:
        values = {
            "region_code": row["region"],
            **{name: row[name] for name in ("figure", "year", "value", "source")},
        }
        same = (FigureTarget.source == values["source"], FigureTarget.figure == values["figure"])
        where = (
            FigureTarget.region_code == values["region_code"],
            FigureTarget.year == values["year"],
            *same,
        )
        if session.scalar(select(FigureTarget.id).where(*where).limit(1)) is None:
            set_target(session, actor, values, now=now)
            set_now += 1
    return set_now


def _region_of(session: Session, said: Mapping[str, Any]) -> str:
    """The region named, or that of the node named; raises Invalid."""
    region, key = said.get("region_code"), said.get("node_key")
    if (region is None) == (key is None):
        raise Invalid.field("region_code", ONE_OF)
    if key is None:
        return str(region)
    found = session.scalar(select(NetworkNode.region_code).where(NetworkNode.key == key))
    if found is None:
        raise Invalid.field("node_key", NO_SUCH_NODE)
    return found
