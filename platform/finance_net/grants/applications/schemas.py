"""What HTTP may say of applications."""

from backbone.fields import Choice, Fen, Identifier, Instant, Schema, Several, Text, Whole
from backbone.money import BASIS_POINTS
from backbone.pages import PageQuery, sort_field
from finance_net.grants.applications.reading import SORTS
from finance_net.grants.life import APPLICATION
from finance_net.grants.schemas import LARGEST_GRANT_FEN, SCORE

MOST_GROUPS = 20

SHARE = "用户所得份额，万分之几（四首）/ the user's share of it in basis points, of a first use"
MATTER = "凭据所问的合同、产品或项目，企业本身的为空 / the contract, product or project that the receipt was asked beside; null: the enterprise alone"
LEAST = "少于此数不立项，分 / below it nothing is granted; in fen"


class ApplicationEntry(Schema):
    """What is applied for, on which receipt, for which need or contract."""

    applicant_id = Identifier(required=True)
    user_id = Identifier(load_default=None, allow_none=True)
    user_share = Whole(0, BASIS_POINTS, load_default=None, allow_none=True, metadata={"description": SHARE})
    category = Text(20, required=True)
    receipt_id = Identifier(required=True)
    need_id = Identifier(load_default=None, allow_none=True)
    contract_id = Identifier(load_default=None, allow_none=True)
    title = Text(200, required=True)
    summary = Text(5000, required=True)
    least_fen = Fen(0, LARGEST_GRANT_FEN, required=True, metadata={"description": LEAST})
    asked_fen = Fen(0, LARGEST_GRANT_FEN, required=True)
    groups = Several(Text(40), MOST_GROUPS, load_default=list, distinct=True)
    prerequisite_id = Identifier(load_default=None, allow_none=True)


class ApplicationAmendment(Schema):
    """What of a draft is written anew."""

    title = Text(200)
    summary = Text(5000)
    least_fen = Fen(0, LARGEST_GRANT_FEN)
    asked_fen = Fen(0, LARGEST_GRANT_FEN)


class Rejection(Schema):
    """Why."""

    reason = Text(1000, required=True)


class Exclusion(Schema):
    """What came to light."""

    reason = Text(1000, required=True)


class ApplicationView(Schema):
    """An application; `score` in hundredths of a point, null until the reviews are in."""

    id = Identifier()
    number = Text()
    round_id = Identifier()
    category = Text()
    applicant_id = Identifier()
    user_id = Identifier(allow_none=True)
    user_share = Whole(allow_none=True, metadata={"description": SHARE})
    receipt_id = Identifier()
    policy_matter_id = Identifier(allow_none=True, metadata={"description": MATTER})
    need_id = Identifier(allow_none=True)
    contract_id = Identifier(allow_none=True)
    title = Text()
    summary = Text()
    least_fen = Fen()
    asked_fen = Fen()
    groups = Several(Text(), MOST_GROUPS)
    prerequisite_id = Identifier(allow_none=True)
    state = Choice(APPLICATION.words)
    reason = Text(allow_none=True)
    score = Whole(allow_none=True, metadata={"description": SCORE})
    submitted_at = Instant(allow_none=True)
    confirmed_at = Instant(allow_none=True)
    created_at = Instant()
    updated_at = Instant()


class ApplicationQuery(PageQuery):
    """Which applications, in which order."""

    round_id = Identifier()
    state = Several(Choice(APPLICATION.words), len(APPLICATION.states), distinct=True)
    sort = sort_field(list(SORTS), "-created_at")
