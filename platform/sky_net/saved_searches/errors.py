"""What saved searches refuse."""

from backbone.errors import Bilingual, Conflict


class TooManySearches(Conflict):
    """The account has as many as one may have."""

    code = "too_many_searches"
    title = Bilingual("保存的检索过多", "Too many saved searches")
    detail = Bilingual("每个账号最多保存 {most} 条检索", "An account may save {most} searches")
    advice = Bilingual("先用 deleteSavedSearch 删除一条", "Delete one by deleteSavedSearch first")


class SearchTitleTaken(Conflict):
    """The account has another of this title; `id` names it."""

    code = "search_title_taken"
    title = Bilingual("同名检索已存在", "There is a saved search of this title")
    detail = Bilingual("已有同名检索 {id}", "Saved search {id} has this title")
    advice = Bilingual("换一个名称，或先删除原有的", "Choose another title, or delete the other one first")
