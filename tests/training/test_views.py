import numpy as np
import pytest

from training.corpus import Paper
from training.tokens import train_tokenizer
from training.views import (
    PaperTokens,
    abstract_halves,
    bag,
    keywords_view,
    thinned,
    token_ids,
    tokenize,
)

TITLE = np.array([1, 2, 3])
CLAUSES = tuple(np.array(ids) for ids in ([4, 5], [6], [7, 8, 9]))
KEYWORDS = tuple(np.array(ids) for ids in ([10], [11, 12], [13]))


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def test_a_bag_keeps_where_each_text_starts_even_when_one_is_empty():
    found = bag([np.array([1, 2]), np.array([], dtype=np.int64), np.array([3])])
    assert found.ids.tolist() == [1, 2, 3]
    assert found.offsets.tolist() == [0, 2, 2]


def test_the_clauses_joined_are_the_tokens_of_the_abstract():
    abstract = "针对液压阀的疲劳寿命问题,采用有限元法.试验表明:寿命提高3.5倍;成本降低。"
    tokenizer = train_tokenizer([abstract] * 3, 200)
    tokens = tokenize(tokenizer, Paper("a", "液压阀", abstract, ("寿命",)))
    assert len(tokens.clauses) > 3
    assert np.concatenate(tokens.clauses).tolist() == token_ids(tokenizer, [abstract])[0].tolist()


def test_thinning_keeps_the_order_and_never_leaves_nothing(rng: np.random.Generator):
    ids = np.arange(100)
    kept = thinned(ids, rng)
    assert 50 < len(kept) < 95
    assert kept.tolist() == sorted(kept.tolist())
    assert all(len(thinned(np.array([5]), rng)) == 1 for _ in range(50))


def test_halves_of_an_abstract_share_no_clause_and_lose_none(rng: np.random.Generator):
    first, second = abstract_halves(PaperTokens(TITLE, KEYWORDS, CLAUSES), rng)
    assert sorted([*first, *second]) == [4, 5, 6, 7, 8, 9]
    assert len(first)
    assert len(second)


@pytest.mark.parametrize("clauses", [(), (np.array([4]),), (np.array([4, 5]),)])
def test_an_abstract_too_short_to_deal_still_gives_two_texts(
    rng: np.random.Generator, clauses: tuple[np.ndarray, ...]
):
    first, second = abstract_halves(PaperTokens(TITLE, KEYWORDS, clauses), rng)
    assert len(first)
    assert len(second)


def test_a_keyword_view_holds_at_least_half_of_the_keywords(rng: np.random.Generator):
    for _ in range(30):
        view = keywords_view(PaperTokens(TITLE, KEYWORDS, CLAUSES), rng)
        whole = [keyword for keyword in KEYWORDS if set(keyword) <= set(view)]
        assert 2 <= len(whole) <= 3
        assert len(view) == sum(map(len, whole))


def test_a_paper_without_keywords_is_seen_by_its_title(rng: np.random.Generator):
    assert keywords_view(PaperTokens(TITLE, (), CLAUSES), rng).tolist() == TITLE.tolist()
