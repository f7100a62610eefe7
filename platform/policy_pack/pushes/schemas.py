"""What HTTP may say of news."""

from backbone.fields import Choice, Day, Identifier, Instant, Schema, Several, Text
from backbone.pages import PageQuery, sort_field
from backbone.worded import Worded
from policy_pack.pushes.news import NEWS

KINDS = "open 可申请 may apply · nearly 还缺少量信息 once little is answered · closing 即将截止 not for long · lost 不再符合 no longer"


class PolicyNewsView(Schema):
    """What an enterprise was told of a policy, and when."""

    id = Identifier()
    enterprise_id = Identifier()
    policy_id = Identifier()
    version_id = Identifier()
    matter_id = Identifier()
    key = Text()
    name = Worded()
    kind = Choice(NEWS, metadata={"description": KINDS})
    missing = Several(Text())
    missing_labels = Several(Worded())
    until_on = Day()
    told_at = Instant()


class PolicyNewsQuery(PageQuery):
    """Filters of an enterprise's news."""

    sort = sort_field(["told_at"], "-told_at")
    kind = Several(Choice(NEWS), len(NEWS), distinct=True)
