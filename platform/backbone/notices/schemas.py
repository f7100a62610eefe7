"""What HTTP may say of notices, deliveries and webhooks."""

from backbone.directory.fields import RegionCode
from backbone.fields import Choice, Flag, Identifier, Instant, Schema, Several, Text, Whole
from backbone.notices.models import CHANNELS
from backbone.notices.texts import KINDS
from backbone.pages import PageQuery, sort_field
from backbone.worded import Worded

STATES = ("waiting", "delivered", "dead")


class NoticeView(Schema):
    """One notice of the inbox, in the reader's language."""

    id = Identifier()
    kind = Choice(KINDS)
    subject_id = Identifier()
    subject_number = Text()
    zone_code = RegionCode()
    on_behalf_of = Identifier(metadata={"description": "代谁接收（休假中） / for whom, while on leave"})
    title = Worded()
    text = Worded(1000)
    created_at = Instant()
    read_at = Instant()


class NoticeQuery(PageQuery):
    """Filters of the inbox."""

    sort = sort_field(["created_at"], "-created_at")
    unread = Flag(spelled=True)
    kind = Several(Choice(KINDS), len(KINDS), distinct=True)
    subject_id = Identifier()


class Reading(Schema):
    """Which of the own notices were seen."""

    until = Instant(required=True)
    subject_id = Identifier()


class ReadNotices(Schema):
    """What became of it."""

    read = Whole(metadata={"description": "此次标为已读的条数 / marked as read by this request"})
    left = Whole(metadata={"description": "仍未读的条数，可再次请求 / still unread up to then: ask again"})


class DeliveryView(Schema):
    """One notice on its way by one channel."""

    id = Identifier()
    notice_id = Identifier()
    kind = Choice(KINDS)
    subject_number = Text()
    channel = Choice(CHANNELS)
    endpoint_id = Identifier()
    state = Choice(STATES)
    attempts = Whole()
    next_attempt_at = Instant()
    delivered_at = Instant()
    dead_at = Instant()
    last_error = Text()


class DeliveryQuery(PageQuery):
    """Filters of the deliveries; `state=dead` is the dead-letter list."""

    sort = sort_field(["next_attempt_at"], "next_attempt_at")
    state = Several(Choice(STATES), len(STATES), distinct=True)


class WebhookEntry(Schema):
    """A webhook to open; the secret signs every message and is never shown again."""

    url = Text(500, required=True)
    secret = Text(200, shortest=24, required=True)
    kinds = Several(Choice(KINDS), len(KINDS), distinct=True)
    zone_code = RegionCode(allow_none=True)


class WebhookView(Schema):
    """A webhook without its secret."""

    id = Identifier()
    url = Text()
    kinds = Several(Choice(KINDS), len(KINDS))
    zone_code = RegionCode()
    created_at = Instant()
    closed_at = Instant()


class WebhookQuery(PageQuery):
    """The order of the open webhooks."""

    sort = sort_field(["created_at"], "-created_at")
