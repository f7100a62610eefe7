"""Why a party says no: the closed list that every refusal of the response mechanism takes from."""

from collections.abc import Mapping
from types import MappingProxyType

from backbone.errors import Bilingual

OTHER = "other"

DECLINE_REASONS: Mapping[str, Bilingual] = MappingProxyType(
    {
        "too_early": Bilingual("成熟度不够", "Too early"),
        "unclear_benefit": Bilingual("收益不明确", "Benefit unclear"),
        "unclear_route": Bilingual("技术路线不明确", "Technical route unclear"),
        "unclear_description": Bilingual("描述不清楚", "Description unclear"),
        "science_doubt": Bilingual("科学依据存疑", "Doubts about the science"),
        "price": Bilingual("价格不合适", "Price"),
        "capacity": Bilingual("人力或条件不足", "No capacity"),
        "confidentiality": Bilingual("保密要求无法满足", "Confidentiality"),
        OTHER: Bilingual("其他", "Other"),
    }
)
