"""What posts refuse."""

from backbone.errors import Bilingual, Conflict


class PostHeld(Conflict):
    """The account has this function in this node already."""

    code = "post_held"
    title = Bilingual("该人员已任此职", "This post is held already")
    detail = Bilingual(
        "该账号已是节点 {key} 的{function}", "The account is {function} of the node {key} already"
    )
    advice = Bilingual("如需更正，先用 endPost 结束原任", "To correct it, end that post first (endPost)")
