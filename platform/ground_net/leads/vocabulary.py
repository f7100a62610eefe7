"""The closed lists of words of a lead: the check constraints, the schemas and the import read the same."""

from collections.abc import Mapping
from types import MappingProxyType

from backbone.errors import Bilingual


def _closed(**words: tuple[str, str]) -> Mapping[str, Bilingual]:
    return MappingProxyType({word: Bilingual(*labels) for word, labels in words.items()})


CHANNELS = _closed(
    visit=("走访", "visit"), call=("电话", "call"), event=("活动", "event"), **{"import": ("导入", "import")}
)
"""How it was heard; `import` where a list says nothing of that."""
CONSENT_WAYS = _closed(spoken=("口头", "spoken"), written=("书面", "written"), form=("表单", "form"))
KEEP_CONTACT, PASS_ON = "keep_contact", "pass_on"
CONSENT_COVERS = _closed(
    keep_contact=("保存联系方式", "keeping the contact"), pass_on=("提交平台", "passing the need on to the platform")
)  # fmt: skip
DUPLICATE_OF_NEED, DUPLICATE_OF_LEAD, OTHER = "duplicate_of_need", "duplicate_of_lead", "other"
CLOSE_REASONS = _closed(
    no_need=("没有需求", "no need"), duplicate_of_need=("与已有需求重复", "a need says the same"),
    duplicate_of_lead=("与另一线索重复", "another lead says the same"), no_consent=("企业不同意", "the enterprise does not consent"),
    unreachable=("联系不上", "nobody can be reached"), not_technology=("不是技术需求", "not a matter of technology"),
    solved=("已自行解决", "solved meanwhile"), other=("其他", "other"),
)  # fmt: skip
