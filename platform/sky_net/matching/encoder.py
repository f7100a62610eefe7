"""The encoder port: texts become unit vectors. The shipped static model needs neither torch nor transformers.

Importing sentence_transformers takes 15 s and 520 MB, so a StaticEmbedding directory is read here with
tokenizers, safetensors and numpy; the vectors are the same (the tests compare them). Any other
sentence-transformers model is loaded through that library (`transformer`), from a local directory only.
"""

import hashlib
import json
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from backbone.errors import Bilingual, Unavailable

Vectors = npt.NDArray[np.float32]

SHIPPED = Path(__file__).with_name("model")
"""The StaticEmbedding directory that comes with the package."""

WORDS_ALONE = "words alone"
"""The fingerprint of no encoder: its vectors are zeros, which may stand beside those of any."""

AUTO, TORCH, ONNX, ONNX_INT8 = BACKENDS = ("auto", "torch", "onnx", "onnx-int8")
"""What runs a transformer: `auto` is torch where there are safetensors, else ONNX in full precision."""

_WEIGHTS_KEY = "embedding.weight"
_FEW = 8
_MODEL_FILES = ("*.json", "*.safetensors", "*.txt", "*.model")
# Modules that a static model may have besides the embedding: what they do to a vector, unit length undoes.
_WITHOUT_EFFECT = ("Normalize",)


class EncoderUnusable(Unavailable):
    """The model directory is missing, damaged or of a kind that cannot be loaded; `path` and `problem` say which."""

    code = "encoder_unusable"
    title = Bilingual("语义模型不可用", "The encoder cannot be used")
    detail = Bilingual("语义模型 {path} 不可用：{problem}", "The encoder at {path} cannot be used: {problem}")
    advice = Bilingual(
        "检查 ENCODER 设置指向的目录；留空则使用随软件附带的模型",
        "Check the directory that the setting ENCODER names; empty means the shipped model",
    )

    def __init__(self, path: Path, problem: Bilingual) -> None:
        super().__init__(path=str(path), problem=problem)


class Encoder(Protocol):
    """Meaning of texts as vectors; two encoders agree exactly when their fingerprints do."""

    @property
    def dimension(self) -> int:
        """Length of every vector."""

    @property
    def fingerprint(self) -> str:
        """Hash of the model's content: vectors with different fingerprints must never be compared."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """float32 (len(texts), dimension), rows of length 1; a text without any known token gets zeros.

        Texts must be encodable as UTF-8: see `backbone.chinese.fold`.
        """


class StaticEncoder:
    """Mean of one vector per token, then unit length: microseconds per text, the same on every machine."""

    def __init__(self, path: Path) -> None:
        """Read tokenizer.json and model.safetensors from `path` or its `0_StaticEmbedding`; EncoderUnusable otherwise."""
        from safetensors import SafetensorError
        from tokenizers import Tokenizer

        folder = _static_folder(path)
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._table = _table(folder / "model.safetensors")
        except (OSError, SafetensorError, KeyError, ValueError) as error:
            raise EncoderUnusable(path, Bilingual(f"文件损坏：{error}", f"damaged file: {error}")) from error
        except Exception as error:  # tokenizers raises bare Exception for a file that is not a tokenizer
            raise EncoderUnusable(
                path, Bilingual(f"分词器损坏：{error}", f"damaged tokenizer: {error}")
            ) from error
        self._tokenizer.no_padding()
        pieces = self._tokenizer.get_vocab_size()
        if self._table.ndim != 2 or len(self._table) < pieces or not np.isfinite(self._table).all():
            shape = "×".join(str(size) for size in self._table.shape)
            raise EncoderUnusable(
                path,
                Bilingual(
                    f"{pieces} 个词元与 {shape} 的向量表不符",
                    f"{pieces} tokens do not fit a table of {shape}",
                ),
            )
        self.fingerprint = content_hash(folder)

    @property
    def dimension(self) -> int:
        """Length of every vector."""
        return int(self._table.shape[1])

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors; see `Encoder.encode`."""
        # One query: waking the tokenizer's thread pool takes longer than the work.
        parts = [[text] for text in texts] if len(texts) <= _FEW else [list(texts)]
        cut = (self._tokenizer.encode_batch_fast(part, add_special_tokens=False) for part in parts)
        tokens = chain.from_iterable(cut)
        sums = np.zeros((len(texts), self.dimension), np.float32)
        # Text by text the gathered rows stay in the processor's cache: ten times faster than one reduceat over all.
        for row, (text, found) in enumerate(zip(texts, tokens, strict=True)):
            ids = found.ids  # a list made anew at each look
            if ids and not text.isspace():
                np.add.reduce(self._table.take(ids, axis=0), axis=0, out=sums[row])
                sums[row] /= len(ids)
        return unit(sums)


def open_encoder(path: Path | None = None, backend: str = AUTO) -> Encoder:
    """The shipped model, or the one in a local directory; EncoderUnusable says what is wrong with it.

    `backend` says what runs a transformer; a static model is read by numpy whatever it says.
    """
    path = SHIPPED if path is None else path
    if backend not in BACKENDS:
        known = ", ".join(BACKENDS)
        raise EncoderUnusable(
            path, Bilingual(f"ENCODER_BACKEND 应为 {known}", f"ENCODER_BACKEND must be one of {known}")
        )
    if not path.is_dir():
        raise EncoderUnusable(path, Bilingual("目录不存在", "there is no such directory"))
    has_weights = any(path.rglob("*.safetensors"))
    if not has_weights and not any(path.rglob("*.onnx")):
        raise EncoderUnusable(
            path, Bilingual("目录中没有模型（*.safetensors）", "it holds no model (*.safetensors)")
        )
    if has_weights and _is_static(path):
        return StaticEncoder(path)
    if backend == TORCH or (backend == AUTO and has_weights):
        from sky_net.matching.transformer import SentenceTransformerEncoder

        return SentenceTransformerEncoder(path)
    from sky_net.matching.onnx_encoder import OnnxEncoder

    return OnnxEncoder(path, is_int8=backend == ONNX_INT8)


def located(path: Path | None, backend: str = AUTO) -> str | None:
    """Where an encoder is to be found again: its directory, and what ran it where that was chosen. None: the shipped."""
    if path is None:
        return None
    return str(path.resolve()) if backend == AUTO else f"{path.resolve()}#{backend}"


def reopen(location: str | None) -> Encoder:
    """The encoder at a place that `located` gave; EncoderUnusable when it is not there any more."""
    if location is None:
        return open_encoder()
    path, _, backend = location.rpartition("#")
    return open_encoder(Path(path), backend) if backend in BACKENDS else open_encoder(Path(location))


def unit(vectors: Vectors) -> Vectors:
    """Rows scaled to length 1; rows of zeros stay zeros."""
    precise = vectors.astype(np.float64)
    lengths = np.sqrt(np.square(precise).sum(axis=1, keepdims=True))
    lengths[lengths == 0] = 1.0
    scaled: Vectors = (precise / lengths).astype(np.float32)
    return scaled


def halved(vectors: Vectors) -> Vectors:
    """Rounded to half precision, as documents are stored: a row scores the same in memory and in an index."""
    rounded: Vectors = vectors.astype(np.float16).astype(np.float32)
    return rounded


def inner_products(vectors: Vectors, vector: Vectors) -> npt.NDArray[np.float64]:
    """Rows times `vector`. Not by BLAS: its threads cost more than they bring at this size, and hang after a fork."""
    products: npt.NDArray[np.float64] = np.einsum("ij,j->i", vectors, vector).astype(np.float64)
    return products


def _modules(path: Path) -> list[dict[str, Any]]:
    try:
        listed = json.loads((path / "modules.json").read_text("utf-8"))
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        raise EncoderUnusable(
            path, Bilingual("modules.json 无法读取", "modules.json cannot be read")
        ) from error
    return [module for module in listed if isinstance(module, dict)] if isinstance(listed, list) else []


def _static_folder(path: Path) -> Path:
    """Where the files lie: sentence-transformers names a module's folder in modules.json, often the top itself."""
    for module in _modules(path):
        if str(module.get("type", "")).endswith("StaticEmbedding"):
            return path / str(module.get("path", ""))
    return path


def _table(path: Path) -> Vectors:
    """The vectors of the tokens. The shipped file, which is only ever replaced by another, is mapped: its workers share
    one table. A file elsewhere may be overwritten in place, which under a mapping would kill them; it is read.
    """
    from safetensors.numpy import load_file

    if not path.is_relative_to(SHIPPED):
        return np.ascontiguousarray(load_file(path)[_WEIGHTS_KEY], np.float32)
    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        told = json.loads(file.read(size))[_WEIGHTS_KEY]
    if told["dtype"] != "F32":
        return np.ascontiguousarray(load_file(path)[_WEIGHTS_KEY], np.float32)
    start = 8 + size + told["data_offsets"][0]
    return np.asarray(
        np.memmap(path, np.float32, "r", start, tuple(told["shape"]))
    )  # plain: looked into in half the time


def _is_static(path: Path) -> bool:
    """A static embedding, alone or followed by steps without effect, whose table numpy can read."""
    from safetensors import SafetensorError, safe_open

    kinds = [str(module.get("type", "")).rsplit(".", 1)[-1] for module in _modules(path)]
    if kinds and (kinds[0] != "StaticEmbedding" or any(kind not in _WITHOUT_EFFECT for kind in kinds[1:])):
        return False
    if not kinds and (path / "config.json").exists():
        return False  # a plain transformers folder
    try:
        with safe_open(_static_folder(path) / "model.safetensors", "np") as stored:
            return _WEIGHTS_KEY in stored.keys() and stored.get_slice(_WEIGHTS_KEY).get_dtype() != "BF16"  # noqa: SIM118 (a safetensors handle is no mapping)
    except (OSError, SafetensorError):
        return True  # StaticEncoder then says what is wrong with it


def content_hash(folder: Path, onnx: str | None = None) -> str:
    """SHA-256 over names and contents of the files that decide the vectors: with `onnx`, that file instead of weights."""
    digest = hashlib.sha256()
    patterns = [kind for kind in _MODEL_FILES if onnx is None or kind != "*.safetensors"]
    files = {file for pattern in patterns for file in folder.rglob(pattern) if file.is_file()}
    for file in sorted(files | ({folder / onnx} if onnx else set())):
        name = file.relative_to(folder).as_posix().encode()
        with file.open("rb") as content:
            digest.update(name + b"\0" + hashlib.file_digest(content, "sha256").digest())
    return digest.hexdigest()
