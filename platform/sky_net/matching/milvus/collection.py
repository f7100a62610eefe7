"""A collection: documents with their vectors, their words as Milvus cuts them, and their facets for the filters.

Its name tells source, encoder and time, and is never used again. What it holds is a proposal only: texts and facets
are read from the database for every hit, scores are made by `ranking` from those.
"""

import json
from collections.abc import Collection as Many
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from backbone.chinese import fold
from sky_net.matching.documents import Document, Filters
from sky_net.matching.encoder import Vectors
from sky_net.matching.milvus.connection import WRITES_WITHIN_S, Milvus
from sky_net.matching.terms import substance

MOST_BYTES = 65_535
"""Milvus's longest string. What of a text lies beyond is found by its meaning and scored, but not searched by word."""
MOST_OF_EACH = 5_000
"""Milvus gives at most 16,384 hits at a time, and there are three lists of them."""
AT_ONCE = 500
"""Documents per request: a message may have 64 MB."""
_ANALYSER = {"tokenizer": "jieba"}
_TEXTS = {"title": "title_words", "body": "body_words"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: words for both texts (blank for none), a vector, facets, and ids that must not be named.

    Without a vector words alone are looked for.
    """

    words: str
    vector: Vectors | None
    filters: Filters | None
    without: Many[str]
    of_each: int


class Collection:
    """One collection by its name, whether or not it exists."""

    def __init__(self, milvus: Milvus, name: str) -> None:
        self._milvus = milvus
        self.name = name

    def create(self, dimension: int) -> None:
        """Make it, empty and indexed."""
        from pymilvus import DataType, Function, FunctionType, MilvusClient

        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("id", DataType.VARCHAR, is_primary=True, max_length=64)
        schema.add_field("owner", DataType.VARCHAR, max_length=64)
        schema.add_field(
            "facets", DataType.ARRAY, element_type=DataType.VARCHAR, max_capacity=256, max_length=256
        )
        schema.add_field("dense", DataType.FLOAT_VECTOR, dim=dimension)
        index = MilvusClient.prepare_index_params()
        index.add_index("dense", index_type="AUTOINDEX", metric_type="IP")
        for text, words in _TEXTS.items():
            schema.add_field(
                text, DataType.VARCHAR, max_length=MOST_BYTES, enable_analyzer=True, analyzer_params=_ANALYSER
            )
            schema.add_field(words, DataType.SPARSE_FLOAT_VECTOR)
            schema.add_function(
                Function(
                    name=f"{text}_bm25", input_field_names=[text], output_field_names=[words],
                    function_type=FunctionType.BM25,
                )
            )  # fmt: skip
            index.add_index(words, index_type="SPARSE_INVERTED_INDEX", metric_type="BM25")
        # Strong: what a synchronisation has written is seen by every later search, or a commit would stay unfound.
        self._milvus.call(
            "create_collection", self.name, schema=schema, index_params=index, consistency_level="Strong",
            within_s=WRITES_WITHIN_S,
        )  # fmt: skip

    def exists(self) -> bool:
        """Whether there is one."""
        return bool(self._milvus.call("has_collection", self.name))

    def dimension(self) -> int:
        """Length of its vectors; 0 where it is none of ours."""
        fields = self._milvus.call("describe_collection", self.name)["fields"]
        return next((int(each["params"].get("dim", 0)) for each in fields if each["name"] == "dense"), 0)

    def put(self, documents: Sequence[Document], vectors: Vectors) -> None:
        """Add them, or replace those with their ids; doing it twice changes nothing."""
        for start in range(0, len(documents), AT_ONCE):
            block = zip(documents[start : start + AT_ONCE], vectors[start : start + AT_ONCE], strict=True)
            self._milvus.call("upsert", self.name, [_row(*each) for each in block], within_s=WRITES_WITHIN_S)

    def remove(self, ids: Sequence[str]) -> None:
        """Take them out; those that are not in it are no error."""
        for start in range(0, len(ids), AT_ONCE):
            self._milvus.call(
                "delete", self.name, ids=list(ids[start : start + AT_ONCE]), within_s=WRITES_WITHIN_S
            )

    def count(self, among: Many[str] | None = None) -> int:
        """How many documents it holds, or how many of these."""
        if among is not None and not among:
            return 0
        condition = "" if among is None else f"id in {_listed(among)}"
        rows = self._milvus.call("query", self.name, filter=condition, output_fields=["count(*)"])
        return int(rows[0]["count(*)"])

    def candidates(self, wanted: Wanted) -> dict[str, Vectors]:
        """Ids with their vectors: the union of what is nearest in meaning, in the title's and in the body's words."""
        from pymilvus import AnnSearchRequest, RRFRanker

        condition = _condition(wanted)
        if condition is None:
            return {}
        limit, requests = min(wanted.of_each, MOST_OF_EACH), []
        if wanted.vector is not None:
            requests.append(
                AnnSearchRequest([wanted.vector], "dense", {"metric_type": "IP"}, limit, expr=condition)
            )
        if wanted.words.strip():
            requests += [
                AnnSearchRequest([wanted.words], words, {"metric_type": "BM25"}, limit, expr=condition)
                for words in _TEXTS.values()
            ]
        if not requests:
            return {}
        found = self._milvus.call(
            "hybrid_search",
            self.name,
            requests,
            RRFRanker(),
            limit=limit * len(requests),
            output_fields=["dense"],
        )
        return {str(hit["id"]): np.asarray(hit["entity"]["dense"], np.float32) for hit in found[0]}

    def drop(self) -> None:
        """Remove it; no error when there is none."""
        self._milvus.call("drop_collection", self.name, within_s=WRITES_WITHIN_S)


def _row(document: Document, vector: Vectors) -> dict[str, Any]:
    texts = {"title": document.title, "body": document.body}
    return {
        "id": document.id, "owner": document.owner, "facets": sorted(document.facets), "dense": vector,
        **{name: _cut(fold(substance(text))) for name, text in texts.items()},
    }  # fmt: skip


def _cut(text: str) -> str:
    return text.encode()[:MOST_BYTES].decode(errors="ignore")


def _condition(wanted: Wanted) -> str | None:
    """Milvus's filter expression; None when nothing can pass."""
    required = wanted.filters.required if wanted.filters else ()
    if not all(required):
        return None
    parts = [f"ARRAY_CONTAINS_ANY(facets, {_listed(choices)})" for choices in required]
    if wanted.without:
        parts.append(f"id not in {_listed(wanted.without)}")
    return " and ".join(parts)


def _listed(values: Many[str]) -> str:
    return json.dumps(sorted(values), ensure_ascii=False)
