"""What the roster of duties refuses."""

from backbone.errors import Bilingual, Conflict


class AlreadyOnDuty(Conflict):
    """The account stands in the roster at this place already; `id` names the duty."""

    code = "already_on_duty"
    title = Bilingual("已在岗", "Already on duty")
    detail = Bilingual(
        "该账号已担任此区域这一级的值守 {id}", "This account holds that duty for this zone already: {id}"
    )
    advice = Bilingual("如需更换，先解除原值守", "To change it, relieve the duty first")
