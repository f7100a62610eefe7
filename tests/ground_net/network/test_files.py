import json

import pytest

from backbone.errors import Malformed
from ground_net.network.files import MOST_BYTES, read_pattern

NODES = [
    {
        "key": "HB-HS",
        "kind": "hub",
        "name": "黄石中心",
        "region_code": "420200",
        "nodes_planned": 6,
        "opened_on": "2024-01-01",
    },
    {"key": "HB-HS-01", "kind": "node", "name": "园区, 一", "parent": "HB-HS", "region_code": "420200"},
]
YAML = """
nodes:
  - {key: HB-HS, kind: hub, name: 黄石中心, region_code: 420200, nodes_planned: 6, parent: ~, opened_on: 2024-01-01}
  - {key: HB-HS-01, kind: node, name: "园区, 一", parent: HB-HS, region_code: "420200"}
"""
CSV = """key,kind,name,parent,region_code,nodes_planned,opened_on
HB-HS,hub,黄石中心,,420200,6,2024-01-01
HB-HS-01,node,"园区, 一",HB-HS,420200,,
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.yaml", YAML), ("a.csv", CSV), ("a.csv", "\ufeff" + CSV), ("a.JSON", json.dumps({"nodes": NODES}))],
)
def test_the_same_pattern_is_read_from_each_kind_of_file(tmp_path, name, text):
    (tmp_path / name).write_text(text, "utf-8")
    assert read_pattern(tmp_path / name) == {"nodes": NODES}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.yaml", b"nodes: [}"), ("a.json", b"{"), ("a.csv", b'a\n"b'), ("a.csv", b"\xff\xfe"), ("a.xls", b"x"),
        ("a.yaml", b"x" * (MOST_BYTES + 1)), ("a.yaml", b"[" * 100_000),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_in_both_languages(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Malformed) as refused:
        read_pattern(tmp_path / name)
    assert refused.value.sentence().zh != str(refused.value.sentence())
    with pytest.raises(Malformed):
        read_pattern(tmp_path / "missing.yaml")


@pytest.mark.parametrize("text", ["", "[1]", "nodes: 3", "nodes: [x]", "other: []"])
def test_another_shape_is_left_to_the_schema(tmp_path, text):
    (tmp_path / "a.yaml").write_text(text, "utf-8")
    assert isinstance(read_pattern(tmp_path / "a.yaml"), dict)
