"""Reading a list as one person of the world."""

from typing import Any

from tests.isolation.stage import Stage


def get(stage: Stage, person: str, path: str, **query: Any) -> Any:
    headers = {"Authorization": f"Bearer {stage.world.token(person)}"}
    answer = stage.client.get(f"/api{path}", headers=headers, query_string=query)
    assert answer.status_code == 200, (person, path, answer.text)
    return answer


def rows(stage: Stage, person: str, path: str, **query: Any) -> list[dict[str, Any]]:
    """Every row of a list, over all its pages."""
    found, cursor = [], {}
    while True:
        page = get(stage, person, path, limit=3, **query, **cursor).json
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        cursor = {"cursor": page["next_cursor"]}
