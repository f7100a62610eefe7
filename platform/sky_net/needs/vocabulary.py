"""The closed lists of words of a need: the check constraints and the schemas read the same tuples."""

from collections.abc import Mapping

from backbone.errors import Bilingual

KINDS = ("technology",)
NEED_TYPES: Mapping[str, Bilingual] = {
    "new_product": Bilingual("新产品", "new product"),
    "new_process": Bilingual("新工艺", "new process"),
    "quality": Bilingual("质量提升", "quality"),
    "cost": Bilingual("降本", "cost"),
    "equipment": Bilingual("装备", "equipment"),
    "material": Bilingual("材料", "material"),
    "software": Bilingual("软件", "software"),
    "import_substitution": Bilingual("国产替代", "import substitution"),
}
ANY = Bilingual("技术需求", "technology need")
COOPERATION_MODES = (
    "development", "transfer", "licence", "consulting", "service", "equity", "joint_lab", "talent",
)  # fmt: skip
BUDGET_KINDS = ("fixed", "range", "negotiable", "hidden")
IP_OWNERSHIP = ("poster", "solver", "shared", "negotiable")
VISIBILITY = ("public", "masked", "invited", "operators")
SOURCE_CHANNELS = ("sky_net", "station", "node", "event", "import")
URGENCY = ("normal", "urgent", "critical")
WEIGHTS = ("must", "want")
COMPLEXITY = ("simple", "ordinary", "hard")
REJECTION_CODES = ("duplicate", "not_technology", "unlawful", "unreachable", "not_feasible", "other")
WAYS_OF_READING = ("opened", "listed", "found", "downloaded")
TRL_LEAST, TRL_MOST = 1, 9
