"""What chains refuse."""

from backbone.errors import Bilingual, Conflict


class ChainNameTaken(Conflict):
    """Another open chain has this name, in whatever spelling."""

    code = "chain_name_taken"
    title = Bilingual("已有同名产业链", "There is an open chain of this name")
    detail = Bilingual("产业链“{name}”已存在", "The chain “{name}” exists already")
    advice = Bilingual(
        "用 amendChain 修改它，或换一个名称", "Amend that one (amendChain), or choose another name"
    )


class PartTaken(Conflict):
    """The office, enterprise or institute plays this part in the chain already."""

    code = "chain_part_taken"
    title = Bilingual("已在该产业链中担任此角色", "This part is played already")
    detail = Bilingual(
        "该机构已是本产业链的{part}", "It is the chain's {part} already, since an earlier appointment"
    )
    advice = Bilingual(
        "如需更正，先用 endChainPart 结束原任，再重新确定",
        "To correct it, end the present part first (endChainPart), then admit or appoint anew",
    )


class ChainClosed(Conflict):
    """A closed chain is history: nobody is appointed in it and nothing in it is changed."""

    code = "chain_closed"
    title = Bilingual("产业链已关闭", "The chain is closed")
    detail = Bilingual("产业链“{name}”已于 {closed_at} 关闭", "The chain “{name}” was closed at {closed_at}")
    advice = Bilingual("如需恢复，请新开一条产业链", "Open a new chain instead")
