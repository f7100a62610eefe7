"""What the catalogue of offers refuses."""

from backbone.errors import Bilingual, Forbidden


class HiddenByOperator(Forbidden):
    """The institute wants to publish what an operator has hidden."""

    code = "hidden_by_operator"
    title = Bilingual("该成果由运营人员隐藏", "An operator has hidden this")
    detail = Bilingual("由运营人员隐藏，原因：{reason}", "Hidden by an operator, because: {reason}")
    advice = Bilingual(
        "按原因修改后，请所在片区运营人员重新公开",
        "Amend it accordingly, then ask an operator of the zone to publish",
    )
