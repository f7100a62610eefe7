"""The same kind of directory run by ONNX Runtime, in full precision or in int8: no torch, no transformers, no export.

The file must be there (`onnx/model.onnx`, or one with int8 or quantized in its name), as most published models have it.
ONNX Runtime, tokenizers and numpy do what the model's own modules say: Transformer, then Pooling by the first token or by
the mean, then unit length. Any other module is refused rather than left out. sentence-transformers' own way to ONNX is not
used: it needs a package that holds transformers below the version that sentence-transformers itself requires.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from backbone.errors import Bilingual
from sky_net.matching.encoder import EncoderUnusable, Vectors, content_hash, unit

_MODULES = ("Transformer", "Pooling", "Normalize")
_INT8 = ("int8", "quantized")
_AT_ONCE = 16
_LONGEST = 512
_PADS = ("[PAD]", "<pad>", "<|endoftext|>")


class OnnxEncoder:
    """Vectors of another file are others, so the file is part of the fingerprint."""

    def __init__(self, path: Path, *, is_int8: bool) -> None:
        """Load it on the CPU; EncoderUnusable when ONNX Runtime is not installed or the directory has not what it takes."""
        try:
            import onnxruntime
        except ImportError as error:
            missing = Bilingual(
                "需要安装附加组件：pip install 'sanwang[onnx]'",
                "it needs an extra: pip install 'sanwang[onnx]'",
            )
            raise EncoderUnusable(path, missing) from error
        file = onnx_file(path, is_int8=is_int8)
        self._is_mean, self._prompt = _pooling(path), _prompt(path)
        try:
            self._tokenizer = _tokenizer(path)
            self._session: Any = onnxruntime.InferenceSession(
                str(path / file), providers=["CPUExecutionProvider"]
            )
            self._inputs = {each.name for each in self._session.get_inputs()}
            self._dimension = int(self._pooled(["维数"]).shape[1])
        except Exception as error:  # tokenizers and ONNX Runtime raise what they like for a foreign file
            raise EncoderUnusable(
                path, Bilingual(f"无法加载：{error}", f"it does not load: {error}")
            ) from error
        self.fingerprint = content_hash(path, file)

    @property
    def dimension(self) -> int:
        """Length of every vector."""
        return self._dimension

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors; a blank text gets zeros. Texts of like length go together, so that little is padded."""
        found = np.zeros((len(texts), self._dimension), np.float32)
        order = sorted(
            (row for row in range(len(texts)) if texts[row].strip()), key=lambda row: len(texts[row])
        )
        for start in range(0, len(order), _AT_ONCE):
            rows = order[start : start + _AT_ONCE]
            found[rows] = self._pooled([texts[row] for row in rows])
        return unit(found)

    def _pooled(self, texts: Sequence[str]) -> Vectors:
        tokens = self._tokenizer.encode_batch([self._prompt + text for text in texts])
        mask = np.array([each.attention_mask for each in tokens], np.int64)
        given = {
            "input_ids": np.array([each.ids for each in tokens], np.int64),
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(mask),
            "position_ids": np.maximum(np.cumsum(mask, axis=1) - 1, 0),
        }
        states = self._session.run(None, {name: given[name] for name in self._inputs})[0]
        if not self._is_mean:
            first: Vectors = states[:, 0]
            return first
        counted: Vectors = (states * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        return counted


def onnx_file(path: Path, *, is_int8: bool) -> str:
    """The ONNX file to run, relative to the directory: the plain one, or the first that is quantised. EncoderUnusable: none."""
    files = sorted(file.relative_to(path).as_posix() for file in path.rglob("*.onnx"))
    fitting = [name for name in files if any(mark in name.lower() for mark in _INT8) is is_int8]
    if not fitting:
        raise EncoderUnusable(
            path,
            Bilingual("目录中没有 int8 量化的 *.onnx", "it holds no *.onnx in int8")
            if is_int8
            else Bilingual("目录中没有 *.onnx", "it holds no *.onnx"),
        )
    return next((name for name in fitting if Path(name).name == "model.onnx"), fitting[0])


def _pooling(path: Path) -> bool:
    """Whether the mean is taken, rather than the first token."""
    kinds = [str(module.get("type", "")).rsplit(".", 1)[-1] for module in _json(path / "modules.json", [])]
    told = _json(path / "1_Pooling" / "config.json", {})
    by = told.get("pooling_mode") or next(
        (name for name, chosen in told.items() if name.startswith("pooling_mode_") and chosen), ""
    )
    is_known = kinds[:2] == ["Transformer", "Pooling"] and all(kind in _MODULES for kind in kinds)
    if not is_known or not any(word in str(by) for word in ("mean", "cls")) or "sqrt" in str(by):
        shown = " + ".join(kinds) or "modules.json"
        raise EncoderUnusable(
            path,
            Bilingual(
                f"ONNX 只支持 Transformer 加首词或平均池化：{shown} {by}",
                f"by ONNX only a Transformer pooled by first token or mean is run: {shown} {by}",
            ),
        )
    return "mean" in str(by)


def _prompt(path: Path) -> str:
    """What the model puts in front of every text by default."""
    told = _json(path / "config_sentence_transformers.json", {})
    return str((told.get("prompts") or {}).get(told.get("default_prompt_name"), "") or "")


def _tokenizer(path: Path) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path / "tokenizer.json"))
    longest = _json(path / "sentence_bert_config.json", {}).get("max_seq_length") or _LONGEST
    tokenizer.enable_truncation(int(longest))
    pads = [tokenizer.token_to_id(name) for name in _PADS]
    tokenizer.enable_padding(pad_id=next((pad for pad in pads if pad is not None), 0))
    return tokenizer


def _json(path: Path, otherwise: Any) -> Any:
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return otherwise
    except (OSError, ValueError) as error:
        raise EncoderUnusable(
            path.parent, Bilingual(f"{path.name} 无法读取", f"{path.name} cannot be read")
        ) from error
    return found if isinstance(found, type(otherwise)) else otherwise
