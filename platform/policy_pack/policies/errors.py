"""What the register of policies refuses."""

from backbone.errors import Bilingual, Conflict, Invalid


class TextOnRecord(Conflict):
    """The policy has a version with the very same text; `version_id` names it."""

    code = "policy_text_on_record"
    title = Bilingual("该文本已在册", "This text is on record already")
    detail = Bilingual("{key} 第 {number} 版即为同一文本", "Version {number} of {key} has this very text")
    advice = Bilingual(
        "查看该版本，或上传改动后的文本", "Look at that version, or upload a text that differs"
    )


class OwnReview(Conflict):
    """A version is reviewed by somebody else than who handed it in."""

    code = "own_review"
    title = Bilingual("不能复核自己上传的版本", "One's own version is reviewed by another")
    detail = Bilingual(
        "{key} 第 {number} 版由您上传，须由第二人复核",
        "You uploaded version {number} of {key}: a second person has to review it",
    )
    advice = Bilingual("请另一位政策专员复核", "Ask another policy officer to review it")


class TwoInForce(Conflict):
    """The version would be in force on days on which another one is; `other` and its days say which."""

    code = "two_versions_in_force"
    title = Bilingual("同一天不能有两个版本生效", "Two versions may not be in force on one day")
    detail = Bilingual(
        "{key} 第 {number} 版与第 {other} 版的施行日期重叠（第 {other} 版：{days}）",
        "Version {number} of {key} overlaps version {other}, which is in force {days}",
    )
    advice = Bilingual(
        "在 supersedes 中写明替代第 {other} 版，或修改有效期后重新上传",
        "Name version {other} in supersedes, or upload the text with other dates",
    )


class NotItsPolicy(Conflict):
    """What a version shall supersede belongs to another policy."""

    code = "of_another_policy"
    title = Bilingual("不属于同一项政策", "That belongs to another policy")
    detail = Bilingual("被替代的版本不属于 {key}", "The version to supersede does not belong to {key}")
    advice = Bilingual("检查编号，选用同一政策的版本", "Check the id and name one of the same policy")


class NotItsOriginal(Conflict):
    """The original was attached to another version."""

    code = "original_of_another_version"
    title = Bilingual("该原文不属于此版本", "The original was attached to another version")
    detail = Bilingual(
        "附件 {original_id} 属于另一个版本，不能用来核实 {key} 第 {number} 版",
        "Original {original_id} belongs to another version and cannot verify version {number} of {key}",
    )
    advice = Bilingual(
        "先用 attachOriginal 为此版本附上原文", "Attach the original to this version first, by attachOriginal"
    )


class OwnOriginal(Conflict):
    """An original is signed by somebody else than who attached it."""

    code = "own_original"
    title = Bilingual("不能签署自己附上的原文", "One's own original is signed by another")
    detail = Bilingual(
        "该原文由您附上，须由第二人签署", "You attached this original: a second person has to sign it"
    )
    advice = Bilingual("请另一位政策专员签署", "Ask another policy officer to sign it")


class AlreadyVerified(Conflict):
    """One signature verifies a version; there is nothing left to sign."""

    code = "already_verified"
    title = Bilingual("该版本已核实", "The version is verified already")
    detail = Bilingual("{key} 第 {number} 版已核实", "Version {number} of {key} is verified")
    advice = Bilingual("无需再签署", "Nothing is left to sign")


class TooManyOriginals(Conflict):
    """A version holds as many originals as it may."""

    code = "too_many_originals"
    title = Bilingual("原文附件已达上限", "The version has as many originals as it may")
    detail = Bilingual("每个版本最多附 {most} 份原文", "A version takes at most {most} originals")
    advice = Bilingual("合并为一个文件后上传", "Merge them into one file")


class RepealsNothing(Invalid):
    """The day of the repeal comes after the last day on which the version is in force."""

    code = "repeals_nothing"
    title = Bilingual("废止日期不起作用", "The repeal would change nothing")
