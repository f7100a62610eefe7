"""What the stages of the response clock are called, wherever people read of one: notices, reports, refusals, terminals.

The promises and replies themselves are the sky net's; their words stand here because a notice says them too.
"""

from collections.abc import Mapping
from types import MappingProxyType

from backbone.errors import Bilingual

STAGE_WORDS: Mapping[str, Bilingual] = MappingProxyType({
    "confirm": Bilingual("确认", "confirmation"),
    "communicate": Bilingual("对接", "talks"),
    "propose": Bilingual("方案", "solution"),
    "institute_reply": Bilingual("院所答复", "the institute's reply"),
    "enterprise_reply": Bilingual("企业答复", "the enterprise's reply"),
    "lead": Bilingual("线索办理", "the lead"),
})  # fmt: skip


def stage_word(stage: str) -> Bilingual:
    """The stage in both languages; by its own name where somebody asks for one that does not exist."""
    return STAGE_WORDS.get(stage, Bilingual(stage, stage))
