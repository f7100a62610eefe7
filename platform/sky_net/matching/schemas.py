"""What HTTP may say of matches."""

from typing import Any

from marshmallow.fields import Float

from backbone.directory.fields import AreaCode, IndustryCode, RegionCode
from backbone.fields import Choice, Day, Flag, Identifier, Record, Schema, Several, Text, Whole
from sky_net.achievements import vocabulary as offers
from sky_net.achievements.schemas import Indicator, Price, Said
from sky_net.matching.elements import ELEMENTS
from sky_net.matching.gaps import KINDS
from sky_net.matching.judging import VERDICTS
from sky_net.needs import vocabulary as needs
from sky_net.needs.views import EntryInView, NeedFull


class MatchesQuery(Schema):
    """How many matches, and which; lists of words are repeated parameters (industry=opto&industry=ai)."""

    top = Whole(1, 50, spelled=True, load_default=10)
    industry = Several(IndustryCode(), 20)
    region = Several(AreaCode(), 20)
    trl_min = Whole(offers.TRL_LEAST, offers.TRL_MOST, spelled=True)
    mode = Several(
        Choice(offers.TRANSFER_MODES),
        20,
        metadata={"description": "至少具备其中一种 / at least one of these"},
    )


class SubmissionQuery(Schema):
    """Whether the answer shall bring the match list along, as browseMatches gives it right afterwards."""

    matches = Whole(
        0,
        50,
        spelled=True,
        load_default=0,
        metadata={"description": "每类返回多少条；0 为不返回 / how many of each; 0 leaves them out"},
    )


class FittingNeedsQuery(Schema):
    """How many needs, and which."""

    top = Whole(1, 50, spelled=True, load_default=10)
    industry = Several(IndustryCode(), 20)
    mode = Several(
        Choice(needs.COOPERATION_MODES),
        20,
        metadata={"description": "至少具备其中一种 / at least one of these"},
    )


class AsStored(Record):
    """A structure that is kept just as it is shown: documented like any other, not walked through once more."""

    def serialize(self, attr: str, obj: Any, accessor: Any = None, **kwargs: Any) -> Any:
        """The value as it is."""
        return self.get_value(obj, attr, accessor=accessor)


class InstituteName(Schema):
    """The institute that offers it."""

    id = Identifier()
    name = Text()


class Signals(Schema):
    """The parts that add up to the score."""

    title = Float()
    body = Float()
    dense = Float()


class MatchedTermView(Schema):
    """A term that both texts use, and where the found one has it."""

    term = Text()
    weight = Float(metadata={"description": "为得分贡献的分值 / the points of the score that it brings"})
    field = Choice(("title", "body"))
    element = Choice(
        ELEMENTS, metadata={"description": "材料 方法 功效 产品 应用; null where its wording does not tell"}
    )


class IndicatorVerdictView(Schema):
    """An indicator of the need against what the offer states; unknown where it states nothing comparable."""

    name = Text()
    verdict = Choice(VERDICTS)
    required = Text(metadata={"description": "需求方的写法 / as the need says it"})
    stated = Text(
        metadata={
            "description": "供给方的写法，单位不同时附换算值 / as the offer says it, and the same in the need's unit where that differs"
        }
    )
    weight = Choice(
        needs.WEIGHTS,
        metadata={
            "description": "重要程度；从需求正文中读出的为 null / null for what was read out of the need's text"
        },
    )


class GapView(Schema):
    """One thing that stands between the need and the offer."""

    kind = Choice(KINDS)
    sentence_zh = Text()
    sentence_en = Text()


class _Ranked(Schema):
    """Place, score and reasons; subclasses say of what."""

    rank = Whole(1)
    score = Float(
        metadata={"description": "不小于 0，用词相同时约为 1 / 0 or more, about 1 for the same words"}
    )
    probability = Float(
        metadata={
            "description": "经纪人会推荐的概率，0 至 1 / that a broker would propose it, 0 to 1 (docs/matching.md)"
        }
    )
    signals = AsStored(Signals)
    sentence_zh = Text()
    sentence_en = Text()
    matched_terms = AsStored(MatchedTermView, many=True)
    explained = Float(
        metadata={
            "description": "matched_terms 占词面得分的比例，0 至 1 / share of the score's lexical part that matched_terms account for, 0 to 1"
        }
    )
    verdicts = AsStored(IndicatorVerdictView, many=True)
    gaps = AsStored(GapView, many=True)


OF_THE_MATCH = frozenset(
    {
        "rank", "score", "probability", "signals", "sentence_zh", "sentence_en", "matched_terms", "explained", "verdicts", "gaps",
        "institute",
    }
)  # fmt: skip


class MatchView(_Ranked):
    """An achievement as everybody may see it, with its place; showAchievement says the rest."""

    id = Identifier()
    number = Text()
    kind = Choice(offers.KINDS)
    title = Text()
    industry = IndustryCode()
    tech_field = Text()
    region_code = RegionCode()
    summary = Text()
    gain = Text()
    keywords = Several(Text())
    indicators = AsStored(Indicator, many=True)
    trl = Whole(offers.TRL_LEAST, offers.TRL_MOST)
    stage = Choice(offers.STAGES)
    transfer_modes = Several(Choice(offers.TRANSFER_MODES))
    price = AsStored(Price)
    valid_until_on = Day()
    institute = Record(InstituteName)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """The match's own attribute, else the achievement's."""
        return getattr(obj if attr in OF_THE_MATCH else obj.achievement, attr, default)


class InstituteMatchView(Schema):
    """An institute, and which of the achievements its score comes from, best first; more may count than are shown."""

    institute = Record(InstituteName)
    score = Float()
    achievements = Several(Identifier())
    sentence_zh = Text(attribute="reason.zh")
    sentence_en = Text(attribute="reason")


class MatchesView(Schema):
    """Ranked achievements and institutes for a need.

    `nothing_suitable` says that none of them is worth a call; then `advice` says what to do, in the caller's language.
    """

    need_id = Identifier()
    achievements = Several(Record(MatchView))
    institutes = Several(Record(InstituteMatchView))
    nothing_suitable = Flag()
    advice = Said()
    searched = Whole(
        attribute="searched.size",
        metadata={"description": "检索了多少项成果 / how many achievements were searched"},
    )
    generation = Text(
        attribute="searched.generation",
        metadata={"description": "所用的索引，没有为 null / the index used, null for none"},
    )
    encoder = Text(
        attribute="searched.encoder",
        metadata={"description": "语义模型的指纹 / fingerprint of the model of meaning"},
    )
    ranker = Whole(
        attribute="searched.ranker_number",
        metadata={
            "description": "决定次序的排序模型版本，未用为 null / version of the learned ranker that chose the order, null for the blend's"
        },
    )


class NeedSubmitted(NeedFull):
    """The need in full, with its match list where that was asked for; null also where the search is left to a job."""

    matches = Record(MatchesView)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """The list is the answer's own, everything else the need's."""
        return obj.matches if attr == "matches" else super().get_attribute(obj, attr, default)


class FittingNeedView(_Ranked):
    """A need in the view that the caller has of it, with its place."""

    need = Record(EntryInView)


class FittingNeedsView(Schema):
    """Ranked open needs for an achievement."""

    achievement_id = Identifier()
    needs = Several(Record(FittingNeedView))
    nothing_suitable = Flag()
    searched = Whole(
        attribute="searched.size", metadata={"description": "检索了多少项需求 / how many needs were searched"}
    )
    generation = Text(
        attribute="searched.generation",
        metadata={"description": "所用的索引，没有为 null / the index used, null for none"},
    )
    encoder = Text(
        attribute="searched.encoder",
        metadata={"description": "语义模型的指纹 / fingerprint of the model of meaning"},
    )
