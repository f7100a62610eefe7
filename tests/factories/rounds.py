"""Rounds in the shape of their file."""


def category(name, least, most):
    return {"id": name, "min_fen": least, "max_fen": most}


def an_application(
    name, *, enterprise="x", category="A", groups=(), score=10, min_fen=0, max_fen=100
):  # fmt: skip
    return {
        "id": name,
        "enterprise": enterprise,
        "category": category,
        "groups": groups if isinstance(groups, str) else list(groups),
        "score": score,
        "min_fen": min_fen,
        "max_fen": max_fen,
    }


def a_round(
    applications, *, budget_fen=1_000, step_fen=1, enterprise_cap_fen=None, categories=None, groups=None, requires=()
):  # fmt: skip
    """Enough of everything, unless said otherwise."""
    return {
        "budget_fen": budget_fen,
        "step_fen": step_fen,
        "enterprise_cap_fen": enterprise_cap_fen,
        "categories": [category("A", 0, 10_000), category("B", 0, 10_000)]
        if categories is None
        else categories,
        "groups": [{"id": "g", "max_selected": 1}] if groups is None else groups,
        "requires": list(requires),
        "applications": list(applications),
    }
