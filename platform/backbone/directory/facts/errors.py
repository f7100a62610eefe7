"""What facts refuse."""

from backbone.directory.facts.kinds import FACT_KINDS
from backbone.errors import Bilingual, Conflict


class FactOnRecord(Conflict):
    """A fact of this kind as of this day stands already; `id` names it."""

    code = "fact_on_record"
    title = Bilingual("该日期的这项数据已有记录", "This figure is on record as of that day")
    detail = Bilingual(
        "{kind} 截至 {as_of_on} 已有记录", "There is a figure of {kind} as of {as_of_on} already"
    )
    advice = Bilingual(
        "先用 retractFact 撤销原记录（id），再重新登记",
        "Retract that one (retractFact, its id) first, then record anew",
    )

    def _told(self) -> dict[str, object]:
        return super()._told() | {"kind": FACT_KINDS[str(self.data["kind"])].label}
