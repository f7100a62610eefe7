"""Is this chain the one that was written? Pure: fed with links in order of position, it collects what is wrong.

What an administrator of the database can do, and what shows it: a changed row no longer has the content that its link
holds; a deleted one is missing where a link names it, or leaves a gap of positions; links that were inserted, exchanged
or altered do not follow from the one before; a chain whose later hashes were all computed anew follows in itself, and is
found by a head that was signed before and kept elsewhere.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from uuid import UUID

from backbone.chain.links import Link, Tip, beginning, hash_of_link

LOOK_AHEAD = 500
"""Links after a broken one among which the one that belongs there is looked for, to say what happened."""
MOST_FINDINGS = 20


class Wrong(StrEnum):
    """What can be wrong with a row or its link."""

    DELETED = "deleted"
    CHANGED = "changed"
    INSERTED = "inserted"
    REORDERED = "reordered"
    REWRITTEN = "rewritten"
    CUT_OFF = "cut_off"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: from `position` on, where it is known; up to `until`, where a stretch is meant."""

    wrong: Wrong
    position: int | None = None
    row_id: UUID | None = None
    until: int | None = None


@dataclass(frozen=True)
class Seen:
    """A link as stored, and the row it names: the content hash that the row carries and the one that its columns have.

    Both are None when there is no such row.
    """

    link: Link
    carried: bytes | None
    computed: bytes | None


class Checker:
    """Goes through one chain once; `heads` are the signed tips of it, whose signatures were checked already."""

    def __init__(self, chain: str, heads: Iterable[Tip] = ()) -> None:
        self.findings: list[Finding] = []
        self.tip = beginning(chain)
        self._heads = deque(sorted(heads, key=lambda head: head.position))
        self._agreed = 0
        self._is_rewritten = False

    def check(self, seen: Iterable[Seen]) -> Iterator[Seen]:
        """Check each and hand it on; to be exhausted. The findings are complete after `finish`."""
        coming: deque[Seen] = deque()
        source = iter(seen)
        while coming or (coming := deque(islice(source, LOOK_AHEAD))):
            one = coming.popleft()
            if len(coming) < LOOK_AHEAD:
                coming.extend(islice(source, 1))
            self._follow(one.link, [each.link for each in coming] if self._breaks(one.link) else ())
            self._compare(one)
            yield one

    def finish(self) -> list[Finding]:
        """What was found, by position; heads beyond the last link say that the end was cut off.

        A stretch that a head shows to be rewritten comes after what was found at a place within it.
        """
        while self._heads and not self._is_rewritten:
            head = self._heads.popleft()
            if head.position > self.tip.position:
                self._find(Finding(Wrong.CUT_OFF, self.tip.position + 1, until=head.position))
                break
        return sorted(self.findings, key=_place)

    def _breaks(self, link: Link) -> bool:
        return link.position != self.tip.position + 1 or link.link_hash != self._expected(link)

    def _expected(self, link: Link) -> bytes:
        return hash_of_link(self.tip.link_hash, self.tip.position + 1, link.row_id, link.content_hash)

    def _follow(self, link: Link, coming: Sequence[Link]) -> None:
        expected_at = self.tip.position + 1
        if link.position != expected_at:
            self._find(Finding(Wrong.DELETED, expected_at, until=link.position - 1))
        elif link.link_hash != self._expected(link):
            self._find(Finding(self._what_broke(link, coming), link.position, link.row_id))
        self.tip = Tip(link.position, link.link_hash)
        self._ask_heads()

    def _what_broke(self, link: Link, coming: Sequence[Link]) -> Wrong:
        """Whether the link that belongs here stands further down: exchanged with this one, or pushed on by it."""
        before, at = self.tip.link_hash, link.position
        for other in coming:
            here = hash_of_link(before, at, other.row_id, other.content_hash)
            if here == link.link_hash:
                return Wrong.REORDERED
            if here == other.link_hash:
                return Wrong.REORDERED if self._fits_there(link, other, coming) else Wrong.INSERTED
        return Wrong.REWRITTEN

    def _fits_there(self, link: Link, other: Link, coming: Sequence[Link]) -> bool:
        """Whether `link`, found in the place of `other`, is the one that belongs in the place where `other` was found."""
        before = {each.link_hash for each in coming if each.position == other.position - 1} or {
            other.link_hash
        }
        wanted = (hash_of_link(each, other.position, link.row_id, link.content_hash) for each in before)
        return link.link_hash in wanted

    def _ask_heads(self) -> None:
        while self._heads and self._heads[0].position <= self.tip.position:
            head = self._heads.popleft()
            if head.position == self.tip.position and head.link_hash == self.tip.link_hash:
                self._agreed = head.position
            elif not self._is_rewritten:
                self._is_rewritten = True
                self._find(Finding(Wrong.REWRITTEN, self._agreed + 1, until=head.position))

    def _compare(self, seen: Seen) -> None:
        at = seen.link.position, seen.link.row_id
        if seen.computed is None:
            self._find(Finding(Wrong.DELETED, *at))
        elif not seen.computed == seen.carried == seen.link.content_hash:
            self._find(Finding(Wrong.CHANGED, *at))

    def _find(self, finding: Finding) -> None:
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(finding)


def _place(found: Finding) -> int:
    is_stretch = found.wrong is Wrong.REWRITTEN and found.until is not None
    return (found.until if is_stretch else found.position) or 0
