"""What the terms refuse."""

from backbone.errors import Bilingual, Conflict


class OtherTermsInForce(Conflict):
    """The version named is not the one to accept today: nobody accepts what they have not read."""

    code = "other_terms_in_force"
    title = Bilingual("条款版本不是现行版本", "Another version of the terms is in force")
    detail = Bilingual("现行版本为 {version}", "Version {version} is in force")
    advice = Bilingual(
        "用 showTerms 阅读现行条款后再接受", "Read them with showTerms, then accept that version"
    )
