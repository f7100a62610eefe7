"""What HTTP may say of messages."""

from backbone.fields import Choice, Flag, Identifier, Instant, Schema, Text
from backbone.pages import PageQuery, sort_field
from sky_net.talks.messages.models import SIDES

WHICH = "院所可省略，即本院所 / an institute may leave it out: its own"


class MessageEntry(Schema):
    """A message to the thread with this institute."""

    institute_id = Identifier(allow_none=True, metadata={"description": WHICH})
    text = Text(4000, required=True)


class MessageView(Schema):
    """A message, as the two sides and the zone's operators see it."""

    id = Identifier(attribute="message.id")
    need_id = Identifier(attribute="message.need_id")
    institute_id = Identifier(attribute="message.institute_id")
    side = Choice(SIDES, attribute="message.side")
    text = Text(4000, attribute="message.text")
    sent_at = Instant(attribute="message.created_at")
    is_unread = Flag(metadata={"description": "您这一方尚未读 / not read by your side yet"})


class MessageQuery(PageQuery):
    """Which thread of the need."""

    institute_id = Identifier(metadata={"description": WHICH})
    sort = sort_field(["sent_at"], "-sent_at")


class ReadingEntry(Schema):
    """Up to which message your side has read."""

    message_id = Identifier(required=True)
    institute_id = Identifier(allow_none=True, metadata={"description": WHICH})
