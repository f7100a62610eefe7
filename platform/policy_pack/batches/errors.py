"""What batches refuse."""

from backbone.errors import Bilingual, Invalid


class NotAsFile(Invalid):
    """The answers cannot be had as a file: there are too many of them, or not all yet."""

    code = "not_as_file"
    title = Bilingual("暂不能导出为文件", "This cannot be had as a file")


TOO_MANY = Bilingual(
    "共超过 {most} 行，请用 outcome 或 policy 缩小范围",
    "There are more than {most} rows: narrow it by outcome or policy",
)
GOES_ON = Bilingual(
    "批量评估尚未完成（{done}/{total}），完成后再导出",
    "The batch goes on ({done} of {total}): export it once it has ended",
)
