"""A policy file for tests, with any part of it replaced, and what the loader says of it."""

import textwrap

import pytest

from policy_pack.engine.packs import read_policy
from policy_pack.engine.problems import PackRefused

WHEN = "{fact: revenue, at_least: 100}"
PARTS = {
    "id": "P1",
    "name": "{zh: 甲, en: A}",
    "category": "R",
    "level": "湖北",
    "status": "live",
    "source": "{at: example.org, grade: A, read_on: 2026-01-02}",
    "reference": "example.org (A)",
    "valid": "{from: 2026-01-01, to: 2026-12-31, words: 2026 year}",
    "complete": "true",
    "clauses": "\n  - id: P1.1\n    text: {zh: 收入, en: revenue}\n    quote: revenue\n    when: " + WHEN,
    "amount": "{benefit: grant, words: {zh: 金额, en: amount}, base: revenue, rate: 0.1, cap: 50}",
}


def policy_text(**changed: str | None) -> str:
    """The file with these parts replaced; None leaves a part out."""
    parts = {**PARTS, **changed}
    return "".join(f"{name}: {part}\n" for name, part in parts.items() if part is not None)


def with_condition(when: str) -> str:
    """The file with one clause, asking this."""
    return policy_text(
        clauses="\n  - id: P1.1\n    text: {zh: 收入, en: revenue}\n    quote: revenue\n    when:\n"
        + textwrap.indent(textwrap.dedent(when), " " * 6)
    )


def with_amount(amount: str) -> str:
    """The file with this amount, each of its lines indented."""
    return policy_text(amount="\n" + textwrap.indent(textwrap.dedent(amount), "  "))


def problems_of(text: str):
    """Every problem of the file, in the order of its lines."""
    with pytest.raises(PackRefused) as caught:
        read_policy(text, "P01.yaml")
    assert all(problem.text.zh and problem.text.zh != str(problem.text) for problem in caught.value.problems)
    return caught.value.problems


def said_of(text: str) -> str:
    """The one problem of the file, in English."""
    (problem,) = problems_of(text)
    return str(problem.text)
