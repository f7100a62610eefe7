"""What HTTP may say of milestones."""

from backbone.fields import Day, Identifier, Instant, Record, Schema, Several, Text, Whole

MOST = 50


class MilestoneEntry(Schema):
    """What is delivered, by when, and by what it is accepted."""

    title = Text(200, required=True)
    deliverable = Text(1000, required=True)
    criterion = Text(1000, required=True, metadata={"description": "验收标准 / by what it is accepted"})
    due_on = Day(required=True)


class MilestonePlan(Schema):
    """The milestones that are still open, in their order; those accepted stay."""

    milestones = Several(Record(MilestoneEntry), MOST, required=True)


class MilestoneView(MilestoneEntry):
    """A milestone on record."""

    id = Identifier()
    contract_id = Identifier()
    position = Whole()
    accepted_on = Day()
    accepted_at = Instant()


class MilestonesView(Schema):
    """The plan."""

    items = Several(Record(MilestoneView), 1000)
