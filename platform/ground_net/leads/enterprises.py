"""Which enterprise a lead is about: one of the directory by id or credit code, or for now only its name."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from backbone.directory.service import enterprise_named, enterprise_of_code
from backbone.errors import Bilingual, Invalid, NotFound

NO_SUCH = Bilingual("没有这个企业", "There is no such enterprise")
NAME_IT = Bilingual("该企业尚未登记，请写明名称", "It is not registered yet: say what it is called")
FIELDS = ("enterprise_id", "enterprise_name", "credit_code")


def linked(session: Session, said: Mapping[str, Any]) -> dict[str, Any]:
    """The three columns of what was said, with the directory's name and code where it is known there; raises Invalid.

    Of a credit code only whether it is registered shows, and the name that belongs to it: both stand in the public register.
    """
    wanted, code = said.get("enterprise_id"), said.get("credit_code")
    try:
        known = enterprise_named(session, wanted) if wanted else code and enterprise_of_code(session, code)
    except NotFound:
        raise Invalid.field("enterprise_id", NO_SUCH) from None
    if known:
        return {"enterprise_id": known.id, "enterprise_name": known.name, "credit_code": known.credit_code}
    if not said.get("enterprise_name"):
        raise Invalid.field("enterprise_name", NAME_IT)
    return {"enterprise_id": None, "enterprise_name": said["enterprise_name"], "credit_code": code}
