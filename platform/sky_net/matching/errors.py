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
