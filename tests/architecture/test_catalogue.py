"""The demo catalogue: enough of it, credible in form, nothing written twice, nobody real."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from backbone.directory.chains.schemas import ChainEntry
from backbone.directory.credit_code import is_credit_code
from backbone.directory.experts.schemas import ExpertEntry
from backbone.directory.industries import INDUSTRIES
from demo import catalogue
from demo.directory import chain_body, expert_body
from demo.names import MARK, Names
from sky_net.achievements.schemas import AchievementEntry
from sky_net.needs.schemas import NeedDraft

CODES = {"industry", "key", "kind", "need_type", "ip_ownership", "institute", "enterprise"}


def texts(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in CODES:
                yield from texts(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner, name)
    elif isinstance(value, str) and not re.fullmatch(r"[a-z_-]+", value):
        yield value


def test_it_is_as_large_as_promised():
    needs, achievements = catalogue.needs(), catalogue.achievements()
    assert len(needs) >= 40
    assert sum(not need.answers for need in needs) == 8
    assert len(achievements) >= 160
    assert len({achievement.owner for achievement in achievements}) == 30
    assert {entry.raw["industry"] for entry in achievements} == set(INDUSTRIES)


def test_no_sentence_of_twelve_or_more_characters_occurs_twice():
    sentences = Counter(
        sentence.strip()
        for entry in [*catalogue.needs(), *catalogue.achievements()]
        for text in texts(entry.raw)
        for sentence in re.split(r"[。！？；;!?\n]", text)
        if len(sentence.strip()) >= 12
    )
    assert {sentence: count for sentence, count in sentences.items() if count > 1} == {}


def test_every_entry_is_a_valid_request():
    today = date(2026, 3, 10)
    for entry in catalogue.achievements():
        assert AchievementEntry(partial=("institute_id",)).validate(entry.body(today)) == {}, entry.key
    for entry in catalogue.needs():
        assert NeedDraft(partial=("enterprise_id",)).validate(entry.body(today)) == {}, entry.key


def test_answers_name_achievements_of_the_catalogue():
    known = {entry.key for entry in catalogue.achievements()}
    assert all(answer in known for need in catalogue.needs() for answer in need.answers)


def test_organisations_are_plainly_invented_and_differ_by_seed():
    rows = catalogue.organisations()
    assert {row["key"] for row in rows["institutes"]} >= {entry.owner for entry in catalogue.achievements()}
    assert {row["key"] for row in rows["enterprises"]} >= {entry.owner for entry in catalogue.needs()}
    drawn = {seed: Names(seed) for seed in (1, 2)}
    named = {
        seed: [names.institute(row["key"], row["trade"]) for row in rows["institutes"]]
        + [names.enterprise(row["key"], row["trade"], row["region"]) for row in rows["enterprises"]]
        for seed, names in drawn.items()
    }
    assert all(name.endswith(MARK) for names in named.values() for name in names)
    assert len(set(named[1])) == len(named[1])
    assert named[1] != named[2]
    codes = [drawn[1].credit_code(row["key"]) for row in rows["enterprises"]]
    assert all(map(is_credit_code, codes))
    assert len(set(codes)) == len(codes)


def test_chains_and_experts_are_valid_requests_plainly_invented_and_name_organisations_of_the_catalogue():
    today, rows, names = date(2026, 3, 10), catalogue.directory(), Names(1)
    organisations = {row["key"] for kind in catalogue.organisations().values() for row in kind}
    assert (len(rows["chains"]), len(rows["experts"])) == (2, 6)
    for chain in rows["chains"]:
        assert ChainEntry().validate(chain_body(chain, today)) == {}, chain["key"]
        assert chain["name"].endswith(MARK)
        assert all(text.endswith(MARK) for text in chain["lead"].values())
        assert {*chain["masters"], *chain["innovators"], *chain["members"]} <= organisations
    for expert in rows["experts"]:
        body = expert_body(expert, names)
        assert ExpertEntry(partial=("institute_id",)).validate(body) == {}, expert["key"]
        assert body["name"].endswith(MARK)
        assert all(work["title"].endswith(MARK) for work in [*body.get("works", ()), *body.get("deals", ())])
        assert expert["institute"] in organisations
