#!/usr/bin/env python3
"""核验导出的资助个案：只需 Python，不需本平台。Verify an exported case of money: Python alone, without the platform.

    python check_case.py CASE.json --key heads.pub

退出码 0 完好，1 被改动或不完整，2 读不了。Exit status 0 intact, 1 changed or incomplete, 2 cannot be read.

It recomputes the hash of every row, every link from the first step of the case to the signed head, and the head's Ed25519
signature (RFC 8032), written out here so that nothing has to be installed. Without a key it says so and checks the rest; with one, an
export without a signed head is incomplete: anybody could have made it. The title is for reading: no step proves it.
"""

import argparse
import base64
import hashlib
import json
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

FORM, ROW, CHAIN, HEAD = "sanwang case 1", b"sanwang row 1\n", b"sanwang chain 1\n", "sanwang head 1"
TABLE = '"fund_case_steps"'

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT = pow(2, (P - 1) // 4, P)
Point = tuple[int, int]
UNREADABLE = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    OverflowError,
    RecursionError,
)
"""What a file raises that is none of ours, whatever somebody wrote into it."""


def faults_of(said: dict[str, Any], key: bytes | None) -> list[str]:
    """What is wrong with an export, in Chinese and English; nothing when it is whole."""
    if said.get("form") != FORM:
        return [f"不是个案导出文件 / not an exported case of the form “{FORM}”"]
    chain, first = said["chain"], said["chain"]["from"]
    return [
        *_faults_of_steps(said["steps"], chain["links"], first),
        *_faults_of_case(said["case"], said["steps"]),
        *_faults_of_head(said["head"], _link_hashes(chain), first, key),
    ]


def _faults_of_steps(steps: list[dict[str, Any]], links: list[list[str]], first: int) -> list[str]:
    found = []
    cases = set()
    for number, step in enumerate(steps, 1):
        row, place = json.loads(step["row"]), step["position"] - first
        cases.add(row["case_id"])
        digest = hashlib.sha256(ROW + (TABLE + step["row"]).encode()).hexdigest()
        if not 0 <= place < len(links) or links[place] != [row["id"], digest]:
            found.append(f"第 {number} 步与链不符 / step {number} is not what the chain holds")
        if hashlib.sha256(bytes.fromhex(row["content"])).hexdigest() != row["sha256"]:
            found.append(f"第 {number} 步内容与摘要不符 / the content of step {number} has another digest")
        if row["ordinal"] != number:
            found.append(f"缺第 {number} 步 / step {number} is missing")
            break
    return found + (["混有其他个案的步骤 / steps of several cases"] if len(cases) != 1 else [])


def _faults_of_case(case: dict[str, Any], steps: list[dict[str, Any]]) -> list[str]:
    """What the file says of the case beside what its first step proves of it: an application tells its own number."""
    proven = _content_of(steps[0]) if steps else {}
    found = [
        f"{name} 与第 1 步不符：{case[name]!r}，链上为 {proven[name]!r} / {name} is not what step 1 says"
        for name in ("number", "year", "category")
        if proven.get(name, case[name]) != case[name]
    ]
    if type(case["steps"]) is not int or case["steps"] < len(steps):
        found.append(f"称有 {case['steps']!r} 步，实有 {len(steps)} 步 / it says so many steps and has more")
    return found


def _content_of(step: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(bytes.fromhex(json.loads(step["row"])["content"]))
    return content


def _link_hashes(chain: dict[str, Any]) -> list[bytes]:
    """The hash of every link, the one before the first in front."""
    hashes = [bytes.fromhex(chain["before"])]
    for position, (row, content) in enumerate(chain["links"], chain["from"]):
        said = hashes[-1] + position.to_bytes(8, "big") + UUID(row).bytes + bytes.fromhex(content)
        hashes.append(hashlib.sha256(said).digest())
    return hashes


def _faults_of_head(
    head: dict[str, Any] | None, hashes: list[bytes], first: int, key: bytes | None
) -> list[str]:
    if first == 1 and hashes[0] != hashlib.sha256(CHAIN + b"fund_cases").digest():
        return ["链的起点不符 / the chain begins with something else"]
    if head is None:
        missing = "没有签名的链头，无从证明出自平台；链头每日签名，请在其后重新导出"
        return [] if key is None else [
            f"{missing} / no signed head: nothing proves whose chain it is; heads are signed daily, export it again"
        ]  # fmt: skip
    place = head["position"] - first + 1
    if not 0 < place < len(hashes) or hashes[place].hex() != head["link_hash"]:
        return ["链与签名的链头不符 / the links do not lead to the signed head"]
    if key is None:
        return []
    unsigned = {name: value for name, value in head.items() if name != "signature"}
    message = json.dumps(unsigned, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    if not is_signed(key, message, base64.b64decode(head["signature"])):
        return ["链头签名无效 / the signature of the head is not of this key"]
    return []


def is_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature (64 bytes) of the message is of this public key (32 bytes)."""
    if len(signature) != 64 or len(key) != 32:
        return False
    public, commitment = _point(key), _point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if public is None or commitment is None or scalar >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    return _times(scalar, BASE) == _sum(commitment, _times(challenge, public))


def _point(said: bytes) -> Point | None:
    y = int.from_bytes(said, "little") & (1 << 255) - 1
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * ROOT % P
    if y >= P or x * x % P != square or (x == 0 and said[31] >> 7):
        return None
    return (P - x if x & 1 != said[31] >> 7 else x), y


def _sum(one: Point, other: Point) -> Point:
    (a, b), (c, d) = one, other
    shared = D * a * b * c * d % P
    return (a * d + b * c) * pow(1 + shared, -1, P) % P, (b * d + a * c) * pow(1 - shared, -1, P) % P


def _times(scalar: int, point: Point) -> Point:
    total = (0, 1)
    while scalar:
        if scalar & 1:
            total = _sum(total, point)
        point, scalar = _sum(point, point), scalar >> 1
    return total


BASE: Point = _point((4 * pow(5, -1, P) % P).to_bytes(32, "little")) or (0, 1)


def key_of(path: Path) -> bytes:
    """The raw public key of a PEM file (SubjectPublicKeyInfo): its last 32 bytes; ValueError for anything else."""
    lines = [line for line in path.read_text("ascii").splitlines() if line and not line.startswith("-----")]
    content = base64.b64decode("".join(lines), validate=True)
    if len(content) != 44:
        raise ValueError("no Ed25519 public key")
    return content[12:]


def main() -> int:
    """Verify the file that the command line names, and say what was found."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("case", type=Path, metavar="CASE.json", help="导出文件 the export")
    asked.add_argument("--key", type=Path, metavar="heads.pub", help="链头公钥 the public key of the heads")
    given = asked.parse_args()
    try:
        said = json.loads(given.case.read_bytes())
        key = key_of(given.key) if given.key else None
        found = faults_of(said, key)
    except UNREADABLE as error:
        print(f"读不了 / cannot be read: {type(error).__name__}: {error}", file=sys.stderr)
        return 2
    for fault in found:
        print(f"✗ {fault}")
    if found:
        return 1
    told, number = len(said["steps"]), "".join(filter(str.isprintable, str(said["case"]["number"])))
    print(f"✓ {number}：{told} 步完好 / {told} steps intact")
    if "number" not in _content_of(said["steps"][0]):
        print("! 编号与年度未写入链中，仅供阅读 / number and year are not in the chain: for reading alone")
    if waiting := said["case"]["steps"] - told:
        print(
            f"! 导出时另有 {waiting} 步尚未封存 / {waiting} further steps were not sealed when it was exported"
        )
    if key is None:
        missing = "未给公钥 / no key was given"
        if said["head"] is None:
            missing = "导出时尚无签名链头 / no head was signed when it was exported"
        print(f"! 未核验签名：{missing}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
