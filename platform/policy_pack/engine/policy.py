"""A policy as read from its file: words, source, validity, clauses, amount. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from backbone.errors import Bilingual
from policy_pack.engine.tree import Condition, Term, keys_of


class Category(StrEnum):
    """The five categories of the pack."""

    RESEARCH = "R"
    TRANSFER = "T"
    FIRST_USE = "F"
    QUALIFICATION = "Q"
    FINANCE = "M"


CATEGORY_WORDS: Mapping[str, Bilingual] = MappingProxyType({
    Category.RESEARCH: Bilingual("研发攻关", "research and development"),
    Category.TRANSFER: Bilingual("成果转化与技术交易", "transfer and technology trade"),
    Category.FIRST_USE: Bilingual("首用（四首）", "first use"),
    Category.QUALIFICATION: Bilingual("资质梯次", "qualifications"),
    Category.FINANCE: Bilingual("科技金融与税收", "finance and tax"),
})  # fmt: skip
"""What each category is called, in the pack as in the pools of a year's grants."""


class Benefit(StrEnum):
    """What an amount is: only grants and tax relief are money that the enterprise keeps."""

    GRANT = "grant"
    TAX_RELIEF = "tax_relief"
    DEDUCTION = "deduction"
    LOAN = "loan"
    EQUITY = "equity"


@dataclass(frozen=True)
class Source:
    """Where the text was read: `grade` A the body's own page, B press, C copy.

    `read_on` is the as-of date that the source itself bears; None where it bears none.
    """

    at: str
    grade: str
    read_on: date | None = None


@dataclass(frozen=True)
class Validity:
    """First and last day of application, both included, None open; `words` as the source has them."""

    first: date | None
    last: date | None
    words: str


@dataclass(frozen=True)
class Superseded:
    """From `since` on the text is known to be replaced by one that was not read: nobody is told yes or no."""

    since: date
    by: str


@dataclass(frozen=True)
class Clause:
    """One condition with its words. `when` is None where a person has to judge."""

    id: str
    text: Bilingual
    quote: str
    when: Condition | None

    def __hash__(self) -> int:
        """Reckoned once: what is remembered of a clause is looked up for every subject."""
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.id, self.when))

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """The facts that it reads, in the order of writing; none where a person judges."""
        return () if self.when is None else keys_of(self.when)


@dataclass(frozen=True)
class Tier:
    """The part of the base above `above` up to `to` (None: without end) earns `rate`."""

    above: Decimal
    to: Decimal | None
    rate: Decimal


class Per(StrEnum):
    """Of what a cap is the most: of one contract, product or project, or of all that an applicant gets, ever or in a year."""

    ITEM = "item"
    APPLICANT = "applicant"
    YEAR = "year"


@dataclass(frozen=True)
class Cap:
    """The most, in 万元, where `when` holds; None holds always. The first cap that holds counts."""

    most: Decimal
    when: Condition | None = None


@dataclass(frozen=True)
class Floor:
    """The least, in 万元, unless `unless` holds."""

    least: Decimal
    unless: Condition | None = None


@dataclass(frozen=True)
class Amount:
    """How an amount follows from a base, in 万元.

    `base` None with `tiers` empty is "up to the cap". `at_most` marks a published ceiling: less may be granted.
    `split` are shares of maker and user that add up to 1. `cap_per` says of what the caps are the most: an evaluation is of
    one application and never above them; who adds applications up has to hold the sum under them as well.
    """

    benefit: Benefit
    words: Bilingual
    base: Term | None = None
    tiers: tuple[Tier, ...] = ()
    caps: tuple[Cap, ...] = ()
    floor: Floor | None = None
    at_most: bool = False
    split: Mapping[str, Decimal] = field(default_factory=dict)
    cap_per: Per = Per.ITEM


@dataclass(frozen=True)
class Document:
    """A paper to hand in."""

    name: Bilingual


@dataclass(frozen=True)
class Policy:
    """One policy in one version. `amount` None: none was published (见通知) or it is a yes-or-no policy.

    `published_cap` (万元) is kept where a cap was published and a formula was not: it is shown as a cap, never as an amount.
    `complete` says that every condition of the source is a clause.
    """

    id: str
    name: Bilingual
    category: Category
    level: str
    status: str
    source: Source
    reference: str
    validity: Validity
    clauses: tuple[Clause, ...]
    amount: Amount | None
    superseded: Superseded | None = None
    published_cap: Decimal | None = None
    documents: tuple[Document, ...] = ()
    notes: tuple[Bilingual, ...] = ()
    complete: bool = False

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """The facts that its clauses read, each once, in the order of the clauses."""
        return tuple(dict.fromkeys(key for clause in self.clauses for key in clause.reads))

    @property
    def sees_notice(self) -> bool:
        """Whether it pays something that no published text puts into a formula (见通知); a qualification pays nothing."""
        return self.amount is None and self.category is not Category.QUALIFICATION

    @property
    def is_verified(self) -> bool:
        """Whether the source is the issuing body's own page; a signed original can verify a version beside this."""
        return self.source.grade == "A"


class Bond(StrEnum):
    """How policies stand to each other."""

    EXCLUSIVE = "exclusive"
    TAKE_HIGHER = "take_higher"
    PRIORITY_OVER = "priority_over"
    JOINT_CAP = "joint_cap"
    REQUIRES = "requires"
    ONCE_PER_PROJECT = "once_per_project"


@dataclass(frozen=True)
class Relation:
    """A bond between policies, in its order of writing (first before, or above, the second); `most` 万元 for a joint cap."""

    id: str
    bond: Bond
    between: tuple[str, ...]
    text: Bilingual
    reference: str
    most: Decimal | None = None


@dataclass(frozen=True)
class Pack:
    """The policies by id, in the order of their numbers, and what stands between them."""

    policies: Mapping[str, Policy]
    relations: tuple[Relation, ...] = ()
