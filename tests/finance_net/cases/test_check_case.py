"""The script for auditors, against the real chain, the real heads and the real signatures; it runs without the platform."""

import copy
import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from backbone.chain.heads import make_key, private_key
from backbone.chain.sealing import seal
from backbone.chain.signing import sign_heads
from finance_net.cases import check_case, exporting
from finance_net.cases.kinds import StepKind
from finance_net.cases.models import CHAIN
from tests.factories.chain import wait_until_due
from tests.factories.directory import an_enterprise
from tests.factories.fund_cases import STORY, a_case, a_step, a_told_case
from tests.factories.ledger import AT, a_treasury


@pytest.fixture
def exported(committed_database, tmp_path):
    """Two cases whose steps are mixed in the chain; the export of the second, whose head was signed afterwards."""
    key, heads = tmp_path / "heads", tmp_path / "signed"
    make_key(key)
    with committed_database.transaction() as session:
        treasury = a_treasury(session)
        a_told_case(treasury, [an_enterprise(session).id])
        case = a_case(treasury, [an_enterprise(session).id])
        known = {"number": case.number, "year": case.year, "category": case.category}
        other = a_case(treasury, [an_enterprise(session).id])
        for kind in STORY:
            a_step(treasury, case, kind, **known if kind is StepKind.APPLICATION else {})
            a_step(treasury, other, kind)
    wait_until_due(committed_database)
    with committed_database.transaction() as session:
        assert seal(session, CHAIN, now=AT) == 3 * len(STORY)
    with committed_database.transaction() as session:
        sign_heads(session, [CHAIN], private_key(key), heads, now=AT)
        said = exporting.sealed(session, session.merge(case), heads)
    return json.loads(json.dumps(said, ensure_ascii=False)), check_case.key_of(Path(f"{key}.pub"))


def test_an_export_is_intact_and_every_change_of_it_is_found(exported):
    said, key = exported
    assert check_case.faults_of(said, key) == []
    assert [json.loads(step["row"])["kind"] for step in said["steps"]] == list(STORY)
    for change in CHANGES.values():
        spoilt = copy.deepcopy(said)
        change(spoilt)
        assert check_case.faults_of(spoilt, key), change
    assert check_case.faults_of(said, b"\1" * 32) == [
        "链头签名无效 / the signature of the head is not of this key"
    ]
    assert check_case.faults_of(said | {"head": None}, None) == []


def _amount(said):
    row = json.loads(said["steps"][5]["row"]) | {"amount_fen": 999_999}
    said["steps"][5]["row"] = json.dumps(row, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


CHANGES = {
    "an amount": _amount,
    "a step left out": lambda said: said["steps"].pop(3),
    "steps exchanged": lambda said: said["steps"].reverse(),
    "a link": lambda said: said["chain"]["links"][2].__setitem__(1, "00" * 32),
    "a link left out": lambda said: said["chain"]["links"].pop(1),
    "what was before": lambda said: said["chain"].__setitem__("before", "00" * 32),
    "the head": lambda said: said["head"].__setitem__("link_hash", "00" * 32),
    "the day of the head": lambda said: said["head"].__setitem__("made_at", "2020-01-01T00:00:00+00:00"),
    "no head": lambda said: said.__setitem__("head", None),
    "the number": lambda said: said["case"].__setitem__("number", "SB-2026-999999"),
    "the year": lambda said: said["case"].__setitem__("year", 1999),
    "the category": lambda said: said["case"].__setitem__("category", "T"),
    "how many steps": lambda said: said["case"].__setitem__("steps", 3),
    "the form": lambda said: said.__setitem__("form", "another"),
}


def test_the_script_runs_alone_and_its_status_tells(exported, tmp_path):
    said, _ = exported
    script = tmp_path / "check_case.py"
    script.write_bytes(Path(check_case.__file__).read_bytes())
    case = tmp_path / "case.json"

    def run(content: str) -> subprocess.CompletedProcess[str]:
        case.write_text(content, "utf-8")
        line = [sys.executable, "-I", str(script), str(case), "--key", str(tmp_path / "heads.pub")]
        return subprocess.run(line, capture_output=True, text=True, check=False)

    whole = run(json.dumps(said))
    assert (whole.returncode, whole.stdout) == (
        0, f"✓ {said['case']['number']}：{len(STORY)} 步完好 / {len(STORY)} steps intact\n",
    )  # fmt: skip
    negative = said | {"chain": said["chain"] | {"from": -5}}
    for unreadable in ("[1]", "{", "[" * 200_000, json.dumps(negative)):
        assert (run(unreadable).returncode, run(unreadable).stdout) == (2, "")
    _amount(said)
    assert run(json.dumps(said)).returncode == 1


KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
RAW = KEY.public_key().public_bytes_raw()


@pytest.mark.slow
@given(st.binary(max_size=80), st.integers(0, 63), st.integers(0, 7))
def test_a_signature_holds_where_the_library_says_so_and_nowhere_else(message, place, bit):
    signature = KEY.sign(message)
    assert check_case.is_signed(RAW, message, signature)
    spoilt = bytearray(signature)
    spoilt[place] ^= 1 << bit
    with pytest.raises(InvalidSignature):
        KEY.public_key().verify(bytes(spoilt), message)
    assert not check_case.is_signed(RAW, message, bytes(spoilt))


def test_a_key_that_is_none_is_refused(tmp_path):
    path = tmp_path / "key"
    path.write_text("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")
    with pytest.raises(ValueError, match="no Ed25519"):
        check_case.key_of(path)
    assert not check_case.is_signed(b"short", b"", b"")


def test_the_kinds_that_a_story_has_are_known():
    assert set(STORY) <= set(StepKind)
