"""What a need refuses."""

from collections.abc import Iterable

from backbone.errors import Bilingual, Conflict, Forbidden, Invalid
from sky_net.needs.completeness import label_of

COMPULSORY = Bilingual("提交前必填：{label}", "Compulsory before submission: {label}")


class NeedIncomplete(Invalid):
    """One of the four compulsory fields is absent at submission; `missing` names them."""

    code = "need_incomplete"
    title = Bilingual("需求还不能提交", "The need cannot be submitted yet")
    detail = Bilingual(
        "还缺 {count} 项必填内容，见 errors", "{count} compulsory thing(s) are missing, see errors"
    )
    advice = Bilingual(
        "用 amendNeed 补齐后再提交；其余缺项只是建议", "Add them with amendNeed; all other gaps are advice"
    )

    def __init__(self, missing: Iterable[str]) -> None:
        names = list(missing)
        super().__init__(
            [{"field": name, "problem": COMPULSORY.format(label=label_of(name))} for name in names],
            missing=names,
        )


class SecondReturnTakesSupervisor(Forbidden):
    """A need that was returned once is returned again only by an operator of the whole province."""

    code = "second_return_takes_supervisor"
    title = Bilingual("第二次退回须由省级运营人员办理", "A second return takes an operator of the province")
    detail = Bilingual("该需求已退回过 {returns} 次", "This need has been returned {returns} time(s) already")
    advice = Bilingual(
        "请确认需求并与企业电话沟通，或报省级运营", "Confirm it and call the enterprise, or ask the province"
    )


class NotOffered(Conflict):
    """A need that is for operators only is opened to nobody."""

    code = "need_not_offered"
    title = Bilingual("该需求仅限运营人员", "This need is for operators only")
    detail = Bilingual(
        "可见范围为 operators 的需求不能邀请院所", "Nobody is invited to a need whose visibility is operators"
    )
    # A confirmed need is not amended any more: institutes rely on its text.
    advice = Bilingual(
        "可由企业撤回，换一个可见范围重新提交",
        "The enterprise can withdraw it and post it anew with another visibility",
    )
