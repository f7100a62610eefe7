"""Writes the trained table as a sentence-transformers directory that loads with no code of this project."""

from pathlib import Path

import torch
from tokenizers import Tokenizer

CARD = Path(__file__).with_name("card.md")


def save_model(out: Path, tokenizer: Tokenizer, table: torch.Tensor, card: str) -> None:
    """modules.json, config_sentence_transformers.json, tokenizer.json, model.safetensors and README.md in `out`.

    `card` is the README; the generated one advertises a hub and may name the machine's paths.
    """
    # Imported here: it takes seconds, and nothing before this point needs it.
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    model = SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=table)], device="cpu")
    out.mkdir(parents=True, exist_ok=True)
    model.save(str(out), create_model_card=False)
    (out / "README.md").write_text(card, encoding="utf-8")
    # Safetensors come out readable by their owner alone, but the model is installed for everyone.
    for path in out.iterdir():
        path.chmod(0o644)


def model_card(table: torch.Tensor, evaluation: str) -> str:
    """card.md with the sizes and what the evaluation printed filled in."""
    pieces, dimension = table.shape
    return CARD.read_text(encoding="utf-8").format(pieces=pieces, dimension=dimension, evaluation=evaluation)
