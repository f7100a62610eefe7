"""`python -m bench.features`: whether features of a need beside an offer would order the demo catalogue better than its texts do.

Each feature by itself at a fixed small weight, all of them at once, and what is learned of them by folds: on six splits by
what both sides tell. What the catalogue does not hold (how fresh an offer is, how an institute answers) adds nothing here.
"""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from demo.catalogue import achievements, needs, organisations
from sky_net.achievements.text import achievement_text
from sky_net.matching.comparing import Comparison, asked_of
from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Document, Query
from sky_net.matching.encoder import open_encoder
from sky_net.matching.learning import Floats, Judged, Ranker, ndcg, plain, try_out
from sky_net.matching.offers import Offer, offer_of
from sky_net.matching.ranking import rank
from sky_net.matching.scales import SCALES
from sky_net.needs.text import need_text

DAY = date(2026, 3, 10)
PRIOR = 0.5
"""Weight of a feature: what its best and its worst are apart is worth so much of the blend's score, times 2 / SHARPNESS."""
ASKED, OFFERED = ("title", "title, problem", "all"), ("title", "all")


def splits() -> dict[str, list[Judged]]:
    """The needs with an answer by what both sides tell: the blend's score and the features of every offer; answers are grade 3."""
    offers, regions = achievements(), _regions()
    compared = [_offer(each.raw, regions[each.owner]) for each in offers]
    found: dict[str, list[Judged]] = {}
    for offered in OFFERED:
        texts = [achievement_text(_said(each.raw)) for each in offers]
        documents = [
            Document(each.key, title, body if offered == "all" else "")
            for each, (title, body) in zip(offers, texts, strict=True)
        ]
        corpus = Corpus(open_encoder(), None, documents)
        for asked in ASKED:
            found[f"{asked} → {offered}"] = [
                _judged(need, asked, corpus, compared, regions) for need in needs() if need.answers
            ]
    return found


def _judged(need: Any, asked: str, corpus: Corpus, offers: list[Offer], regions: dict[str, str]) -> Judged:
    title, body = need_text(_said(need.raw))
    query = Query(title, {"title": "", "title, problem": str(need.raw["problem"]), "all": body}[asked])
    scores = {hit.document_id: hit.score for hit in rank(query, corpus, len(offers))}
    beside = Comparison(
        asked_of(_said(need.raw, zone_code=regions[need.owner])), datetime(2026, 3, 10, tzinfo=UTC)
    )
    keys = corpus.roster.ids
    signals = np.column_stack([[scores[key] for key in keys], beside.columns(offers, {})])
    return Judged(need.key, signals, np.array([3.0 if key in need.answers else 0.0 for key in keys]))


def gain(judged: list[Judged], weights: Floats) -> float:
    """Mean nDCG@10 with these weights of the features, less the blend's."""
    blend = plain(1 + len(SCALES))
    tried = Ranker(np.concatenate([blend.weights[:1], weights]))
    return float(np.mean([
        ndcg(tried.scores(one.signals), one.grades) - ndcg(blend.scores(one.signals), one.grades) for one in judged
    ]))  # fmt: skip


def main() -> int:
    """Print the gains by feature and split, and the trials of what is learned."""
    found, console = splits(), Console(width=160)
    table = Table(title=f"nDCG@10 与仅按文本之差 / beside the texts alone, weight {PRIOR}")
    for heading in ("特征 / feature", *found):
        table.add_column(heading, justify="right")
    for place, name in enumerate(SCALES):
        weights = PRIOR * np.eye(len(SCALES))[place]
        table.add_row(name, *(f"{gain(judged, weights):+.4f}" for judged in found.values()))
    table.add_row("all", *(f"{gain(judged, np.full(len(SCALES), PRIOR)):+.4f}" for judged in found.values()))
    trials = {name: try_out(judged) for name, judged in found.items()}
    table.add_row(
        "learned, by folds", *(f"{each.after - each.before:+.4f}" if each else "" for each in trials.values())
    )
    table.add_row("its lower bound", *(f"{each.low:+.4f}" if each else "" for each in trials.values()))
    console.print(table)
    return 0


def _regions() -> dict[str, str]:
    return {row["key"]: row["region"] for rows in organisations().values() for row in rows}


def _offer(raw: dict[str, Any], region: str) -> Offer:
    return offer_of(_said(raw, institute_id=None, region_code=raw.get("region_code", region), last_confirmed_on=DAY, valid_until_on=DAY,
                          price_min_fen=_fen(raw.get("price"), "min")))  # fmt: skip


def _said(raw: dict[str, Any], **more: Any) -> Any:
    """The fields of an entry; what it does not say is None."""
    budget = {"max_fen": _fen(raw.get("budget"), "max"), "min_fen": _fen(raw.get("budget"), "min")}
    return _Said(raw | {"offered_budget": budget} | more)


class _Said(SimpleNamespace):
    def __init__(self, known: dict[str, Any]) -> None:
        super().__init__(**known)

    def __getattr__(self, name: str) -> None:
        return None


def _fen(money: dict[str, Any] | None, bound: str) -> int | None:
    wan = (money or {}).get(f"{bound}_wan")
    return None if wan is None else round(wan * 1_000_000)


if __name__ == "__main__":
    raise SystemExit(main())
