"""What scores depend on besides the documents: counted when a collection is filled, kept beside it, frozen with it.

A collection of its own holds, for every term of every field, in how many documents it stands, under a key of eight
bytes. A generation's statistics are frozen in the same way, so a score means the same under both engines.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sky_net.matching.documents import Document, Query
from sky_net.matching.encoding import Watch, unwatched
from sky_net.matching.milvus.connection import WRITES_WITHIN_S, Milvus
from sky_net.matching.terms import FIELDS, document_terms, query_terms

AT_ONCE = 5_000
TERMS = "terms"
"""The phase of a build in which the counts are stored."""
MOST_REMEMBERED = 500_000
"""Frequencies a process remembers, some 50 MB; they never change, so they are forgotten all at once."""
_MANIFEST = 0
_ROOM = 2_048


def key_of(name: str, term: str) -> int:
    """The key of a term of a field. Two of ten million share one with a probability of three in a million."""
    found = hashlib.blake2b(f"{name}\0{term}".encode(), digest_size=8).digest()
    return int.from_bytes(found, "big", signed=True)


@dataclass
class Counts:
    """Statistics in the making."""

    documents: int = 0
    lengths: Counter[str] = field(default_factory=Counter)
    frequencies: Counter[int] = field(default_factory=Counter)

    def add(self, documents: Iterable[Document]) -> None:
        """Count these as well."""
        for document in documents:
            self.documents += 1
            for name, tokens in document_terms(document).items():
                self.lengths[name] += len(tokens)
                self.frequencies.update({key_of(name, term) for term in set(tokens)})

    def manifest(self, encoder: str, dimension: int) -> str:
        """What a process must find before it believes a collection."""
        averages = {name: self.lengths[name] / max(self.documents, 1) for name in FIELDS}
        told = {"encoder": encoder, "dimension": dimension, "documents": self.documents, "averages": averages}
        return json.dumps(told, sort_keys=True)


class Terms:
    """The collection of the counts that belongs to a collection of documents."""

    def __init__(self, milvus: Milvus, of: str) -> None:
        """`of` is the other collection's name."""
        self._milvus = milvus
        self.name = f"{of}_terms"

    def fill(self, counts: Counts, manifest: str, watch: Watch = unwatched) -> None:
        """Make it and store everything; the manifest comes last, so that what has one is complete."""
        from pymilvus import DataType, MilvusClient

        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("key", DataType.INT64, is_primary=True)
        schema.add_field("documents", DataType.INT64)
        schema.add_field("told", DataType.VARCHAR, max_length=_ROOM)
        schema.add_field("nothing", DataType.FLOAT_VECTOR, dim=2)  # Milvus has no collection without a vector
        index = MilvusClient.prepare_index_params()
        index.add_index("nothing", index_type="FLAT", metric_type="IP")
        self._milvus.call(
            "create_collection", self.name, schema=schema, index_params=index, consistency_level="Strong",
            within_s=WRITES_WITHIN_S,
        )  # fmt: skip
        rows = [_row(key, documents) for key, documents in counts.frequencies.items()]
        for start in range(0, len(rows), AT_ONCE):
            watch(TERMS, start, len(rows))
            self._put(rows[start : start + AT_ONCE])
        watch(TERMS, len(rows), len(rows))
        self._put([_row(_MANIFEST, 0, manifest)])

    def manifest(self) -> str:
        """What it was filled with; empty where it is missing or was never completed."""
        if not self._milvus.call("has_collection", self.name):
            return ""
        rows = self._milvus.call("get", self.name, ids=[_MANIFEST], output_fields=["told"])
        return str(rows[0]["told"]) if rows else ""

    def frequencies(self, keys: Iterable[int]) -> dict[int, int]:
        """In how many documents each term stands."""
        wanted = list(keys)
        found: dict[int, int] = dict.fromkeys(wanted, 0)
        for start in range(0, len(wanted), AT_ONCE):
            rows = self._milvus.call(
                "get", self.name, ids=wanted[start : start + AT_ONCE], output_fields=["documents"]
            )
            found.update((int(row["key"]), int(row["documents"])) for row in rows)
        return found

    def drop(self) -> None:
        """Remove it; no error when there is none."""
        self._milvus.call("drop_collection", self.name, within_s=WRITES_WITHIN_S)

    def _put(self, rows: list[dict[str, Any]]) -> None:
        self._milvus.call("upsert", self.name, rows, within_s=WRITES_WITHIN_S)


class FrozenStatistics:
    """`bm25.Statistics` of a collection; asks for a frequency once."""

    def __init__(self, terms: Terms, manifest: Mapping[str, Any]) -> None:
        self._terms = terms
        self.documents = int(manifest["documents"])
        self._averages: Mapping[str, float] = manifest["averages"]
        self._known: dict[int, int] = {}

    def average_length(self, field: str) -> float:
        """Mean number of tokens in that field."""
        return self._averages[field]

    def frequencies(self, field: str, terms: Iterable[str]) -> list[int]:
        """For each term the number of documents whose field contains it."""
        keys = [key_of(field, term) for term in terms]
        known = self._looked_up(keys)
        return [known[key] for key in keys]

    def learn(self, query: Query) -> None:
        """Ask for everything that the query will need, at once."""
        terms = query_terms(query)
        self._looked_up([key_of(name, term) for name, (_, view) in FIELDS.items() for term in terms[view]])

    def _looked_up(self, keys: list[int]) -> Mapping[int, int]:
        known = self._known  # threads may each put in what both ask for: the same values
        unknown = {key for key in keys if key not in known}
        if unknown:
            if len(known) > MOST_REMEMBERED:
                known = self._known = {key: known[key] for key in keys if key in known}
            known.update(self._terms.frequencies(unknown))
        return known


def _row(key: int, documents: int, told: str = "") -> dict[str, Any]:
    return {"key": key, "documents": documents, "told": told, "nothing": [0.0, 0.0]}
