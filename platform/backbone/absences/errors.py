"""What absences refuse."""

from backbone.errors import Bilingual, Conflict


class AbsentAlready(Conflict):
    """Another absence of the same account overlaps; `id` names it."""

    code = "absent_already"
    title = Bilingual("请假时间重叠", "The absences overlap")
    detail = Bilingual(
        "与已登记的请假 {id}（{from_on} 至 {to_on}）重叠", "It overlaps absence {id} ({from_on} to {to_on})"
    )
    advice = Bilingual("先取消原登记，再重新登记", "Cancel that one first, then record anew")
