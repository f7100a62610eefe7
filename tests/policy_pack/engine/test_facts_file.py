"""Files of facts: strict JSON, all digits kept."""

from decimal import Decimal

import pytest

from policy_pack.engine.fact_problems import FactsRefused
from policy_pack.engine.facts_file import MOST_BYTES, read_facts_file, read_facts_text


def sentence(content: bytes):
    with pytest.raises(FactsRefused) as caught:
        read_facts_text(content, "F.json")
    (problem,) = caught.value.problems
    return problem.sentence()


def test_numbers_keep_the_digits_of_the_file():
    facts = read_facts_text(b'{"revenue": 8000.10, "cash_received": 0.1000000000000000055}', "F.json")
    assert str(facts.of("revenue")) == "8000.10"
    assert facts.of("cash_received") == Decimal("0.1000000000000000055")


def test_a_byte_order_mark_is_no_fault():
    assert read_facts_text(b'\xef\xbb\xbf{"revenue": 1}', "F.json").of("revenue") == 1


def test_a_file_is_read_from_its_path(tmp_path):
    path = tmp_path / "F.json"
    path.write_text('{"region": "武汉市"}', "utf-8")
    assert read_facts_file(path).of("region") == "武汉市"


@pytest.mark.parametrize(
    ("content", "zh", "en"),
    [
        (b"", "不是合法的 JSON（第 1 行第 1 列", "is not valid JSON (line 1 column 1"),
        (b"{\n 'a': 1}", "第 2 行第 2 列", "line 2 column 2"),
        (b"[1]", "不是 JSON 对象", "is no JSON object"),
        (b"null", "不是 JSON 对象", "is no JSON object"),
        (b"[" * 200_000, "嵌套过深", "nested too deeply"),
        ('{"region": "武汉"}'.encode("gbk"), "不是 UTF-8", "is not UTF-8"),
        (b'{"revenue": 1, "revenue": 2}', "F.json revenue：写了两次", "F.json revenue: is given twice"),
        (b'{"region": {"a": 1, "a": 2}}', "a：写了两次", "a: is given twice"),
        (b'{"revenue": NaN}', "F.json revenue：不是有限的数", "F.json revenue: is no finite number"),
        (b'{"revenue": -Infinity}', "不是有限的数", "is no finite number"),
        (b'{"revenue": 1e308}', "超出范围", "is outside of"),
        (b'{"revenue": 1e99999999999999999999}', "不是有限的数", "is no finite number"),
        (b'{"revenue": ' + b"9" * 9000 + b"}", "超出范围", "is outside of"),
        (b" " * (MOST_BYTES + 1), "超过 1000000 字节", "is over 1000000 bytes"),
    ],
)
def test_what_is_no_file_of_facts_is_refused(content, zh, en):
    said = sentence(content)
    assert zh in said.zh
    assert en in str(said)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FactsRefused) as caught:
        read_facts_file(tmp_path / "nowhere.json")
    assert "nowhere.json：无法读取" in caught.value.in_both_languages()


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(FactsRefused):
        read_facts_file(tmp_path)
