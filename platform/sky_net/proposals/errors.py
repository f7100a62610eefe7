"""What proposals refuse."""

from collections.abc import Sequence
from typing import Any

from backbone.errors import Bilingual, Conflict, Invalid, StandsOtherwise


class ProposalExists(Conflict):
    """The institute has a draft or a released proposal for this need; `id` names it."""

    code = "proposal_exists"
    title = Bilingual("已有方案", "There is a proposal already")
    detail = Bilingual("贵院所对此需求已有方案 {id}", "Your institute has proposal {id} for this need")
    advice = Bilingual(
        "草稿请用 amendProposal 修改；已提交的先撤回再另拟",
        "Amend a draft (amendProposal); withdraw a released one, then draft anew",
    )


class ProposalReleased(StandsOtherwise):
    """Past its draft, a proposal is what the enterprise relies on: it is not changed."""

    code = "proposal_released"
    title = Bilingual("方案已定稿，不能修改", "This proposal is past amending")
    detail = Bilingual(
        "方案当前状态为“{state}”，只有草稿可以修改", "The proposal is “{state}”; only a draft can be amended"
    )
    advice = Bilingual("撤回后另拟一份", "Withdraw it and draft anew")


class ProposalIncomplete(Invalid):
    """What is missing before the transfer office can release it; `missing` names each."""

    code = "proposal_incomplete"
    title = Bilingual("方案尚不完整，不能提交", "The proposal is not complete enough to be released")
    detail = Bilingual("还缺 {count} 项，见 errors", "{count} thing(s) are missing, see errors")
    advice = Bilingual("用 amendProposal 补齐后再提交", "Add them with amendProposal, then release")

    def __init__(self, errors: Sequence[dict[str, Any]]) -> None:
        super().__init__(list(errors), missing=[error["missing"] for error in errors])
