"""The closed lists of words of an offer, and the stage that a TRL belongs to.

Check constraints and schemas read the same tuples. Stages are those of the Chinese achievement form (初期, 中期,
成熟应用); that they stand for TRL 1-4, 5-7 and 8-9 of GB/T 22900 is this platform's mapping.
"""

KINDS = ("achievement", "capability")
STAGES = ("early", "middle", "mature")
ATTRIBUTES = ("original", "absorbed", "secondary")
FORMS = ("technology", "process", "product", "material", "equipment", "software", "variety", "standard")
LEVELS = (
    "international_leading", "international_advanced", "domestic_leading", "domestic_advanced", "not_evaluated",
)  # fmt: skip
SECRECY = ("open", "internal")
TRANSFER_MODES = (
    "development", "transfer", "licence", "consulting", "service", "equity", "joint_lab", "talent",
)  # fmt: skip
PRICE_KINDS = ("fixed", "range", "negotiable")
HIDERS = ("institute", "operator")
TRL_LEAST, TRL_MOST = 1, 9
_LAST_TRL_OF = {"early": 4, "middle": 7, "mature": 9}


def stage_of(trl: int | None) -> str | None:
    """The stage of a TRL from 1 to 9; None while the TRL is not known."""
    if trl is None:
        return None
    return next(stage for stage, last in _LAST_TRL_OF.items() if trl <= last)
