"""The evaluation on the held-out papers as Markdown tables, the same on the terminal and in the model card."""

from collections.abc import Sequence

from training.corpus import Split
from training.evaluate import Encode, Recall, evaluate


def evaluation_report(encode: Encode, split: Split, seed: int) -> str:
    """Title to abstract with nothing trained on in the pool, then in the whole corpus; then keywords to title.

    The abstracts of training have been pulled towards their own titles and so away from others, which flatters
    the model a little where they are the distractors.
    """
    papers, corpus = split.held_out, [*split.held_out, *split.train]
    titles = [paper.title for paper in papers]
    keywords = [" ".join(paper.keywords) for paper in papers]
    abstracts = [paper.abstract for paper in corpus]
    few, many = len(papers), len(corpus)
    tasks = [
        (f"{few} titles against the {few} held-out abstracts", titles, abstracts[:few]),
        (f"{few} titles against all {many} abstracts, {many - few} of them trained on", titles, abstracts),
        (f"{few} keyword lists against all {many} titles", keywords, [paper.title for paper in corpus]),
    ]
    return "\n\n".join(
        f"{name}:\n\n{_table(evaluate(encode, queries, documents, seed))}"
        for name, queries, documents in tasks
    )


def _table(recalls: Sequence[Recall]) -> str:
    cells = {recall.method: "" for recall in recalls}
    for recall in recalls:
        cells[recall.method] += f" {_interval(recall)} |"
    rows = [f"| {method} |{cell}" for method, cell in cells.items()]
    return "\n".join(["| | R@1 | R@10 |", "|---|---|---|", *rows])


def _interval(recall: Recall) -> str:
    if recall.low == recall.high:
        return f"{recall.value:.3f}"
    return f"{recall.value:.3f} ({recall.low:.3f}–{recall.high:.3f})"
