"""What the search refuses."""

from backbone.errors import Bilingual, Unavailable


class SearchNotReady(Unavailable):
    """Too much would have to be read and cut into words before this request could be answered; a build is on its way."""

    code = "search_not_ready"
    title = Bilingual("检索索引正在准备", "The search index is being prepared")
    detail = Bilingual(
        "有 {documents} 条内容尚未进入本机索引，索引任务已安排",
        "{documents} entries are not in this machine's index yet; a job that builds it is queued",
    )
    advice = Bilingual(
        "几分钟后重试；已提交的内容不受影响", "Retry in some minutes; nothing that was stored is affected"
    )


class SearchEngineDown(Unavailable):
    """The server that keeps the index does not answer; what failed is in the log, never the words that were searched."""

    code = "search_engine_down"
    title = Bilingual("检索引擎不可用", "The search engine cannot be used")
    detail = Bilingual("检索引擎暂时没有应答", "The search engine does not answer at the moment")
    advice = Bilingual(
        "稍后重试；已提交的需求不受影响，恢复后会自动检索",
        "Retry later; a need that was submitted is kept and searched for once it answers again",
    )


class VectorsUnfit(Unavailable):
    """The encoder gives vectors of another length than it says: nothing of it may be stored or compared."""

    code = "vectors_unfit"
    title = Bilingual("语义模型的向量不符", "The encoder's vectors do not fit")
    detail = Bilingual(
        "语义模型应给出 {wanted} 的向量，实际为 {found}",
        "the encoder should give vectors of {wanted} and gave {found}",
    )
    advice = Bilingual(
        "检查 ENCODER 设置指向的模型；留空则使用随软件附带的模型",
        "Check the model that the setting ENCODER names; empty means the shipped one",
    )
