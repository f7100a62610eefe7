"""What recording and settling facts refuses."""

from backbone.errors import Bilingual, Conflict, Invalid
from policy_pack.engine.definition import label_of
from policy_pack.engine.dictionary import DICTIONARY


class AboutFact(Conflict):
    """Something stands against what is asked of one fact. The sentence has what it is called; the data keep its `key`."""

    code = "policy_fact_conflict"

    def _told(self) -> dict[str, object]:
        return super()._told() | {"key": label_of(self.data["key"], DICTIONARY)}


class PolicyFactOnRecord(AboutFact):
    """The same side has said something else of this as of that day; `id` names it."""

    code = "policy_fact_on_record"
    title = Bilingual("该日期的这项数据已有记录", "This fact is on record as of that day")
    detail = Bilingual("“{key}”截至 {as_of_on} 已有记录", "“{key}” is on record as of {as_of_on} already")
    advice = Bilingual(
        "先用 retractPolicyFact 撤销原记录（id），再重新登记",
        "Retract that one (retractPolicyFact, its id) first, then record anew",
    )


class FactRetracted(AboutFact):
    """The fact was taken back: there is nothing left to dispute or settle."""

    code = "policy_fact_retracted"
    title = Bilingual("该数据已撤销", "The fact was retracted")
    detail = Bilingual("“{key}”的这条记录已撤销", "This record of “{key}” was retracted")
    advice = Bilingual("重新登记数据", "Record the fact anew")


class FactDisputed(AboutFact):
    """The fact is in dispute already."""

    code = "policy_fact_disputed"
    title = Bilingual("该数据已有异议", "The fact is in dispute already")
    detail = Bilingual("“{key}”已有异议，等待裁定", "“{key}” is disputed and waits to be settled")
    advice = Bilingual(
        "请运营人员或政策专员用 settlePolicyFact 裁定",
        "An operator or officer settles it by settlePolicyFact",
    )


class NothingToSettle(AboutFact):
    """Nobody disputes the fact, and nobody says otherwise."""

    code = "policy_fact_undisputed"
    title = Bilingual("没有争议", "Nothing is in dispute")
    detail = Bilingual(
        "“{key}”没有异议，也没有相互矛盾的记录", "Nobody disputes “{key}”, and no source says otherwise"
    )
    advice = Bilingual("无需裁定", "Nothing is left to settle")


class EvidenceAttached(AboutFact):
    """A record has one proof."""

    code = "policy_evidence_attached"
    title = Bilingual("已附证明材料", "The proof is attached already")
    detail = Bilingual("“{key}”的这条记录已有证明材料", "This record of “{key}” has its proof already")
    advice = Bilingual("撤销后重新登记，再上传", "Retract it and record it anew to attach another")


class FactsMisplaced(Invalid):
    """Facts that belong elsewhere: into the directory, to a matter, or to the enterprise itself."""

    code = "facts_misplaced"
    title = Bilingual("这些数据应登记在别处", "These facts are recorded elsewhere")
    advice = Bilingual("按 errors 中的说明登记", "Record them as errors says")
