"""What cases refuse."""

from backbone.errors import Bilingual, Conflict


class StepToldOtherwise(Conflict):
    """The same step was told before with other words: history is not told twice."""

    code = "step_told_otherwise"
    title = Bilingual("该步骤已记录，内容不同", "This step was recorded with another content")
    detail = Bilingual(
        "个案 {number} 的“{step}”已记录（摘要 {known}），不能改写",
        "The case {number} already has this step ({step}, digest {known}); it cannot be told anew",
    )
    advice = Bilingual("另记一步予以更正", "Record a further step that corrects it")
