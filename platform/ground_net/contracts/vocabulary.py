"""The closed lists of words of a contract: the constraints, the schemas and the facts of policies read the same tables."""

from collections.abc import Mapping
from types import MappingProxyType

from backbone.errors import Bilingual
from policy_pack.engine.dictionary import DICTIONARY

KINDS: Mapping[str, Bilingual] = MappingProxyType({
    "development": Bilingual("技术开发", "technology development"),
    "transfer": Bilingual("技术转让", "technology transfer"),
    "licence": Bilingual("技术许可", "technology licence"),
    "consulting": Bilingual("技术咨询", "technology consulting"),
    "service": Bilingual("技术服务", "technology service"),
})  # fmt: skip
"""The five kinds of technology contract; a policy calls them by their Chinese names."""
IP_OWNERS: Mapping[str, Bilingual] = MappingProxyType({
    "poster": Bilingual("归需求方", "the enterprise's"),
    "solver": Bilingual("归供给方", "the institute's"),
    "shared": Bilingual("双方共有", "shared"),
})  # fmt: skip
TECHNOLOGY_KINDS = DICTIONARY["technology_kind"].values
SIDES = ("buyer", "seller", "operator")
"""Who put the contract on record: one of the two sides, or the zone's operator from the signed document."""
SIDE_NAMES: Mapping[str, Bilingual] = MappingProxyType({
    "buyer": Bilingual("买方", "buyer"), "seller": Bilingual("卖方", "seller"), "operator": Bilingual("运营方", "operator"),
})  # fmt: skip
PARTY_NAMES: Mapping[str, Bilingual] = MappingProxyType({
    "buyer": Bilingual("买方", "the buyer"), "institute": Bilingual("院所", "the institute"),
    "seller_enterprise": Bilingual("卖方企业", "the enterprise through which it sells"),
})  # fmt: skip
"""Who has to stand behind a contract; each has its own days to dispute it."""
CREDITED_AS = ("owner", "inviter")
END_REASONS: Mapping[str, Bilingual] = MappingProxyType({
    "agreed": Bilingual("双方协商解除", "ended by agreement"),
    "breach": Bilingual("一方违约解除", "ended for breach"),
    "impossible": Bilingual("无法继续履行", "cannot be performed any more"),
    "force_majeure": Bilingual("不可抗力", "force majeure"),
    "other": Bilingual("其他", "other"),
})  # fmt: skip
REGISTRATION_STATES: Mapping[str, Bilingual] = MappingProxyType({
    "filed": Bilingual("已申报", "filed"),
    "returned": Bilingual("退回补正", "returned for correction"),
    "registered": Bilingual("已登记", "registered"),
    "refused": Bilingual("未予登记", "refused"),
})  # fmt: skip
