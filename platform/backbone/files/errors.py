"""Which files are refused, and why."""

from backbone.errors import Bilingual, Invalid


class FileRefused(Invalid):
    """The content is of no kind that the platform keeps."""

    code = "file_refused"
    title = Bilingual("不接收这种文件", "This kind of file is not accepted")
    advice = Bilingual(
        "可上传 PDF、PNG、JPEG、docx、xlsx、pptx 与 UTF-8 编码的 txt、md、csv",
        "Send PDF, PNG, JPEG, docx, xlsx, pptx, or txt, md, csv in UTF-8",
    )

    def __init__(self, why: Bilingual) -> None:
        super().__init__([{"field": "(body)", "problem": why}])
