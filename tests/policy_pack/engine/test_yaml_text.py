"""YAML as it stands on the page, and what is refused before anything is made of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_pack.engine import yaml_text
from policy_pack.engine.problems import Fault, Faults
from policy_pack.engine.yaml_text import MOST_BYTES, MOST_DEPTH, MOST_VALUES, compose, decoded, text_of

BOMB = "a: &a [x,x]\n" + "".join(
    f"{b}: &{b} [*{a},*{a},*{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


def fault(text):
    with pytest.raises(Fault) as caught:
        compose(text, Faults("f.yaml"))
    return caught.value


def plain(written):
    """The values alone."""
    value = written.value
    if isinstance(value, str):
        return value
    return (
        [plain(each) for each in value]
        if isinstance(value, tuple)
        else {key: plain(each) for key, each in value.items()}
    )


def test_nothing_is_made_of_what_is_written():
    text = "a: no\nb: 0.10\nc: 2026-01-01\nd: '1'\ne: ~\nf: [on, {g: 0x10}]\n<<: 1\n"
    written = compose(text, Faults("f.yaml"))
    assert plain(written) == {
        "a": "no", "b": "0.10", "c": "2026-01-01", "d": "1", "e": "~", "f": ["on", {"g": "0x10"}], "<<": "1",
    }  # fmt: skip
    assert written.value["d"].is_quoted
    assert not written.value["a"].is_quoted
    assert written.value["e"].is_nothing
    assert not compose("'~'", Faults("f.yaml")).is_nothing


def test_each_value_knows_the_line_of_its_key():
    written = compose("# why\na:\n  b:\n    - c\n    - d: 1\n", Faults("f.yaml"))
    inner = written.value["a"].value["b"]
    assert (written.value["a"].line, inner.line, [each.line for each in inner.value]) == (2, 3, [4, 5])


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (BOMB, 1, "anchors"),
        ("a: *b", 1, "aliases"),
        ("a: 1\nb: !!python/object/apply:os.system [ls]", 2, "tags"),
        ("a: ! x", 1, "tags"),
        ("a: 1\n---\nb: 2", 2, "several documents"),
        ("? [a, b]\n: 1", 1, "keys that are no text"),
        ("a: [1, 2", 1, "is not valid YAML"),
        ("a: 1\n\tb: 2", 2, "is not valid YAML"),
        ("a: \x07", 1, "is not valid YAML"),
        ("", 1, "is empty"),
        ("# nothing\n", 1, "is empty"),
        ("[" * (MOST_DEPTH + 1), 1, "levels"),
        ("[" * 100_000, 1, "levels"),
        ("[" + "x," * (MOST_VALUES + 1) + "]", 1, "values"),
    ],
)
@pytest.mark.parametrize("loader", ["CSafeLoader", "SafeLoader"])
def test_what_no_policy_needs_is_refused_where_it_stands(monkeypatch, loader, text, line, said):
    yaml = yaml_text.yaml
    monkeypatch.setattr(yaml_text, "_LOADER", getattr(yaml, loader, yaml.SafeLoader))
    found = fault(text)
    assert said in str(found.text)
    assert found.line >= line
    if "YAML" not in said:
        assert found.line == line


def test_as_many_values_and_levels_as_may_be_are_read():
    flat = "[" + "x," * (MOST_VALUES - 1) + "]"
    assert len(compose(flat, Faults("f.yaml")).value) == MOST_VALUES - 1
    deep = "[" * MOST_DEPTH + "]" * MOST_DEPTH
    assert isinstance(compose(deep, Faults("f.yaml")).value, tuple)


def test_a_key_given_twice_is_kept_as_a_problem_and_the_rest_is_read():
    faults = Faults("f.yaml")
    assert plain(compose("a: 1\nb: 2\na: 3\n", faults))["b"] == "2"
    assert [(problem.line, str(problem.text)) for problem in faults.found] == [(3, "a is written twice")]


@pytest.mark.parametrize("loader", ["CSafeLoader", "SafeLoader"])
@given(text=st.text(alphabet="abc:-[]{}&*!?|>'\"#%@, \n~<0123456789", max_size=60))
def test_whatever_is_written_is_read_or_a_fault_with_a_line(loader, text):
    yaml = yaml_text.yaml
    line = 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_text, "_LOADER", getattr(yaml, loader, yaml.SafeLoader))
        try:
            compose(text, Faults("f.yaml"))
        except Fault as found:
            line = found.line
    assert 1 <= line <= text.count("\n") + 2


def test_a_file_is_read_without_its_byte_order_mark(tmp_path):
    path = tmp_path / "P1.yaml"
    path.write_bytes(b"\xef\xbb\xbfid: P1\n")
    assert text_of(path) == "id: P1\n"


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path):
    with pytest.raises(Fault, match="cannot be read"):
        text_of(tmp_path)


def test_too_many_bytes_are_not_looked_at():
    with pytest.raises(Fault, match="no policy is that long"):
        decoded(b"a" * (MOST_BYTES + 1))


def test_another_encoding_is_named_with_its_line():
    with pytest.raises(Fault, match="is not UTF-8") as caught:
        decoded(b"id: P1\nname: " + "政策".encode("gbk"))
    assert caught.value.line == 2
