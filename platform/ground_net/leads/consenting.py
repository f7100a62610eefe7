"""What may be kept of people: nothing without the consent that covers it, in no field and in no free word.

The rule is asked of the whole that a write would leave, so that taking a consent back takes the people with it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from backbone.errors import Bilingual, Invalid
from ground_net.leads.errors import PHONE_WITHOUT_CONSENT
from ground_net.leads.personal_signs import personal_sign_in
from ground_net.leads.vocabulary import KEEP_CONTACT, PASS_ON

NAMES: Mapping[str, tuple[str, Bilingual]] = {
    "contact_name": ("contact", Bilingual("联系人", "a contact")),
    "contact_phone": ("contact", Bilingual("电话", "a telephone")),
    "contact_email": ("contact", Bilingual("邮箱", "an e-mail address")),
    "decision_owner": ("decision_owner", Bilingual("决策人", "the decision owner")),
    "consent_by": ("consent.by", Bilingual("同意人", "who consented")),
}
"""Column -> the field that a form calls it, and what it is."""
WHO = Bilingual("须写明是谁同意的", "Say who consented")


def consent_columns(consent: Mapping[str, Any] | None) -> dict[str, Any]:
    """A consent as its columns; None takes it back, and nothing of people stays."""
    if consent is None:
        return dict.fromkeys(("consent_by", "consent_how", "consented_at")) | {"consent_covers": []}
    return {
        "consent_by": consent.get("by"), "consent_how": consent["how"], "consented_at": consent["at"],
        "consent_covers": sorted(consent["covers"]),
    }  # fmt: skip


def without_people(values: Mapping[str, Any]) -> dict[str, Any]:
    """What is left of the values once the consent is taken back: every person's column None."""
    return {**values, **dict.fromkeys(NAMES)}


def may_keep(whole: Mapping[str, Any]) -> bool:
    """Whether the consent in the whole covers keeping people."""
    return KEEP_CONTACT in (whole.get("consent_covers") or ())


def may_pass_on(whole: Mapping[str, Any]) -> bool:
    """Whether it covers passing the need on to the platform."""
    return PASS_ON in (whole.get("consent_covers") or ())


def require_consented(whole: Mapping[str, Any]) -> None:
    """Raise Invalid naming every field that holds somebody whom nobody allowed to be kept, or a consent without its giver."""
    faults = list(_faults(whole))
    if faults:
        raise Invalid([{"field": field, "problem": problem} for field, problem in dict(faults).items()])


def _faults(whole: Mapping[str, Any]) -> Iterator[tuple[str, Bilingual]]:
    if may_keep(whole):
        if not whole.get("consent_by"):
            yield "consent.by", WHO
        return
    for name, (field, label) in NAMES.items():
        if whole.get(name):
            yield field, PHONE_WITHOUT_CONSENT.format(what=label)
    for field, text in _texts(whole):
        if (sign := personal_sign_in(text)) is not None:
            yield field, PHONE_WITHOUT_CONSENT.format(what=sign)


def _texts(whole: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "enterprise_name", whole.get("enterprise_name") or ""
    yield "words", whole.get("words") or ""
    for name, value in (whole.get("answers") or {}).items():
        yield f"answers.{name}", "\n".join(_strings(value))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for entry in value.values():
            yield from _strings(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _strings(entry)
