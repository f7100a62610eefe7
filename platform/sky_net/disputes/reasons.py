"""Why an enterprise says that a proposal does not answer its need."""

from collections.abc import Mapping

from backbone.errors import Bilingual

DISPUTE_REASONS: Mapping[str, Bilingual] = {
    "off_topic": Bilingual("与需求无关", "It is about something else"),
    "must_not_answered": Bilingual("未实质答复必达指标", "A must indicator is not really answered"),
    "not_a_solution": Bilingual("没有给出方案", "It offers no solution"),
    "empty_plan": Bilingual("实施计划空泛", "The plan says nothing"),
    "price_not_meant": Bilingual("价格区间不实", "The price range is not meant"),
    "other": Bilingual("其他", "Something else"),
}
