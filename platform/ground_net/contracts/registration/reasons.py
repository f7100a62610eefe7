"""Why a contract is not registered, and what is handed in with it: closed lists."""

from collections.abc import Mapping
from types import MappingProxyType

from backbone.errors import Bilingual

REFUSALS: Mapping[str, Bilingual] = MappingProxyType({
    "not_technology": Bilingual("不属于技术合同", "no technology contract"),
    "not_in_force": Bilingual("不在有效期内", "not in force"),
    "not_written": Bilingual("没有书面合同", "no written contract"),
    "incomplete": Bilingual("条款或材料不全", "terms or documents are missing"),
    "duplicate": Bilingual("已在他处登记", "registered elsewhere before"),
    "other_station": Bilingual("不属本站受理", "another station's to register"),
    "false": Bilingual("材料不实", "documents are false"),
    "other": Bilingual("其他", "other"),
})  # fmt: skip
DOCUMENTS: Mapping[str, Bilingual] = MappingProxyType({
    "contract_text": Bilingual("技术合同文本", "text of the contract"),
    "income_statement": Bilingual("技术性收入核定表", "statement of technology income"),
    "reward_list": Bilingual("奖酬金领取表", "list of rewards"),
    "commitment": Bilingual("承诺书", "letter of commitment"),
})  # fmt: skip
"""What stations ask for (Tianjin's practice, see rules.yaml); an import contract adds a data sheet and its certificate."""
REVIEWED_BY_EXPERTS = ("development", "transfer")
