"""What HTTP may ask and say of those who were shown a need."""

from backbone.actor import ROLE_WORDS
from backbone.fields import Choice, Day, Identifier, Instant, Schema, Several, Text
from backbone.pages import PageQuery, sort_field
from sky_net.needs import vocabulary as words


class NeedReadersQuery(PageQuery):
    """Which readings."""

    sort = sort_field(["read_at"], "-read_at")
    way = Several(Choice(words.WAYS_OF_READING), len(words.WAYS_OF_READING))


class NeedReaderView(Schema):
    """Somebody of another house who was shown the need unmasked: the first time on that day in that way.

    Operators and auditors of the platform, and the collectors of a node it was entrusted to, are named, everybody else is shown by role and organisation.
    """

    role = Choice(ROLE_WORDS, attribute="noted.role")
    organisation_id = Identifier(attribute="noted.organisation_id")
    organisation_name = Text()
    reader_name = Text(metadata={"description": "仅列运营与审计人员的姓名 / operators and auditors alone"})
    zone_code = Text(
        attribute="noted.zone_code",
        metadata={
            "description": "运营或审计人员的管辖地区，全省为 null / the reach of an operator or auditor, null for the province"
        },
    )
    way = Choice(
        words.WAYS_OF_READING,
        attribute="noted.way",
        metadata={
            "description": "opened 打开；listed 列表中看到；found 检索命中；downloaded 下载附件 / "
            "opened, seen in a list, found by a search, an attachment downloaded"
        },
    )
    view = Choice(("full", "invited"), attribute="noted.view")
    attachment_id = Identifier(attribute="noted.attachment_id")
    read_on = Day(attribute="noted.read_on")
    read_at = Instant(attribute="noted.read_at")
