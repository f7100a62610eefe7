"""Days held against today: what is put on record has happened, and a time limit lies ahead."""

from datetime import date

from backbone.errors import Bilingual, Invalid

NOT_YET = Bilingual("不能晚于今天（{today}，北京时间）", "May not lie after today ({today}, Asia/Shanghai)")
GONE_BY = Bilingual("不能早于今天（{today}，北京时间）", "May not lie before today ({today}, Asia/Shanghai)")


def problem_of_future(day: date | None, today: date) -> Bilingual | None:
    """What is wrong with a day that should have come by today; a day that nobody gave is no problem."""
    return NOT_YET.format(today=today) if day is not None and day > today else None


def refuse_future(field: str, day: date | None, today: date, refusal: type[Invalid] = Invalid) -> None:
    """Raise `refusal` for a day that is yet to come."""
    if problem := problem_of_future(day, today):
        raise refusal.field(field, problem)


def refuse_past(field: str, day: date, today: date) -> None:
    """Raise Invalid for a day that has gone by."""
    if day < today:
        raise Invalid.field(field, GONE_BY.format(today=today))
