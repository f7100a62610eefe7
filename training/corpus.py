"""Reads the CSL folder and decides, once and by content, which papers no part of the training may see."""

import hashlib
import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

HeldOut = Literal["test", "validation"]

TEST_BUCKET = 0
VALIDATION_BUCKET = 1
BUCKETS = 10


@dataclass(frozen=True)
class Paper:
    """One paper of papers.jsonl; discipline and category are not learned from, so they are not read."""

    id: str
    title: str
    abstract: str
    keywords: tuple[str, ...]


@dataclass(frozen=True)
class Split:
    """`titles` are the titles of titles.tsv that belong to no paper at all, so no held-out title is among them."""

    train: tuple[Paper, ...]
    held_out: tuple[Paper, ...]
    titles: tuple[str, ...]


def bucket_of(paper_id: str) -> int:
    """0-9 from the id alone, so that adding papers never moves one from training to evaluation."""
    return int(hashlib.sha256(paper_id.encode()).hexdigest(), 16) % BUCKETS


def fold(text: str) -> str:
    """The form under which two titles count as the same: NFKC, lower case, no white space."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def read_papers(folder: Path) -> list[Paper]:
    """csl/papers.jsonl below `folder`; a ValueError names the line that is not a paper."""
    papers = []
    path = folder / "csl" / "papers.jsonl"
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            papers.append(Paper(row["id"], row["title"], row["abstract"], tuple(row["keywords"])))
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path}:{number}: not a paper with id, title, abstract and keywords") from error
    return papers


def read_titles(folder: Path) -> list[str]:
    """First column of csl/titles.tsv below `folder`, without its header line."""
    lines = (folder / "csl" / "titles.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t")[0] for line in lines[1:] if line.strip()]


def split_corpus(papers: list[Paper], titles: list[str], held_out: HeldOut = "test") -> Split:
    """Ten per cent of the papers by id hash are held out, with every copy of their titles.

    `validation` is for choosing settings: it holds out a second tenth and leaves the test tenth unread as well,
    so that nothing measured while tuning has looked at the papers behind the published numbers.
    """
    bucket = TEST_BUCKET if held_out == "test" else VALIDATION_BUCKET
    unseen = {TEST_BUCKET, bucket}
    hidden = {fold(paper.title) for paper in papers if bucket_of(paper.id) in unseen}
    known = {fold(paper.title) for paper in papers}
    train = tuple(p for p in papers if bucket_of(p.id) not in unseen and fold(p.title) not in hidden)
    spare = {fold(title): title for title in titles if fold(title) not in known}
    return Split(
        train=train,
        held_out=tuple(p for p in papers if bucket_of(p.id) == bucket),
        titles=tuple(spare.values()),
    )


def texts_of(split: Split) -> list[str]:
    """Every text of the papers that may be learned from, in a fixed order."""
    papers = [text for paper in split.train for text in (paper.title, paper.abstract, *paper.keywords)]
    return papers + list(split.titles)
