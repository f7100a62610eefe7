"""What imports refuse."""

from backbone.errors import Bilingual, Invalid


class FileForgotten(Invalid):
    """The file held people and is kept for some days only; what was wrong with which row stays."""

    code = "file_forgotten"
    title = Bilingual("导入文件已按期清除", "The imported file is kept no longer")
    advice = Bilingual(
        "各行的问题仍可用 listLeadImportFaults 查看；请用原文件修改后重新导入",
        "listLeadImportFaults still says what is wrong with which row: correct your own copy and import it again",
    )


KEPT_UNTIL = Bilingual("文件只保留至 {kept_until}", "It was kept until {kept_until} only")
TOO_MANY_ROWS = Bilingual(
    "共 {rows} 行，一次最多 {most} 行，请拆成几个文件",
    "{rows} rows, at most {most} at once: split it into several files",
)
NO_ROWS = Bilingual("只有列标题，没有数据", "There are headings and no rows")
NOT_TAKEN = Bilingual("未处理：{why}", "Not looked at: {why}")
MAY_NO_LONGER = Bilingual("导入人已无权在该节点登记", "Whoever imports it may no longer record for the node")
