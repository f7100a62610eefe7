"""What receipts refuse."""

from backbone.errors import Bilingual, Conflict, Invalid


class NoSuchPolicy(Invalid):
    """A policy of that key is not in force, or not on record."""

    code = "no_such_policy"
    title = Bilingual("没有这项政策", "There is no such policy")
    advice = Bilingual("可用的编号见 listPolicies", "listPolicies names those that there are")


class FactsErased(Conflict):
    """The facts that the receipt rests on were erased on request; the receipt itself still verifies."""

    code = "facts_erased"
    title = Bilingual("依据的数据已删除", "The facts were erased")
    detail = Bilingual(
        "该凭据所依据的企业数据已于 {erased_at} 应要求删除，无法重算；凭据本身仍可校验",
        "The facts behind this receipt were erased on request at {erased_at}: it verifies but cannot be replayed",
    )
    advice = Bilingual("用现有数据重新评估", "Evaluate anew on the facts that there are")
