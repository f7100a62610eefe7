"""Any sentence-transformers model in a local directory, run by torch: never a hub, never code from the model's folder."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from backbone.errors import Bilingual
from sky_net.matching.encoder import EncoderUnusable, Vectors, content_hash, unit


class SentenceTransformerEncoder:
    """Thousands of times slower than the static model on a CPU, and better where the model is."""

    def __init__(self, path: Path) -> None:
        """Load it on the CPU; EncoderUnusable when the library is not installed or the model does not load."""
        os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1")
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            missing = Bilingual(
                "需要安装附加组件：pip install 'sanwang[encoders]'",
                "it needs an extra: pip install 'sanwang[encoders]'",
            )
            raise EncoderUnusable(path, missing) from error
        try:
            self._model: Any = SentenceTransformer(
                str(path),
                device="cpu",
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True},
            )
            self._dimension = int(self._model.encode(["维数"], show_progress_bar=False).shape[1])
        except Exception as error:  # a foreign folder makes the library fail in any way it likes
            raise EncoderUnusable(
                path, Bilingual(f"无法加载：{error}", f"it does not load: {error}")
            ) from error
        self.fingerprint = content_hash(path)

    @property
    def dimension(self) -> int:
        """Length of every vector."""
        return self._dimension

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors; a blank text gets zeros although such models give it some vector."""
        found = np.asarray(self._model.encode(list(texts), show_progress_bar=False), np.float32)
        found = found.reshape(len(texts), self._dimension)
        found[[not text.strip() for text in texts]] = 0
        return unit(found)
