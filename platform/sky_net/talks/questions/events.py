"""What questions tell the packages above them; published in the same transaction, after the write."""

from dataclasses import dataclass
from datetime import datetime

from backbone.actor import Actor
from sky_net.needs.models import Need
from sky_net.talks.questions.models import Question


@dataclass(frozen=True)
class QuestionEvent:
    """Something happened to a question."""

    question: Question
    need: Need
    actor: Actor
    now: datetime


class QuestionAsked(QuestionEvent):
    """The other side owes an answer."""


class QuestionAnswered(QuestionEvent):
    """The first answer is there; corrections tell nothing new."""


class QuestionWithdrawn(QuestionEvent):
    """Nobody owes an answer any more."""
