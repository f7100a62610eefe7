import numpy as np
import pytest

from sky_net.matching.documents import Document, Query
from sky_net.matching.encoder import unit
from sky_net.matching.meaning import TITLE_SHARE, document_vectors, query_vectors


def test_the_title_counts_by_its_share_however_long_the_body(encoder):
    title, body = encoder.encode(["激光焊接", "动力电池" * 100])
    expected = unit((TITLE_SHARE * title + (1 - TITLE_SHARE) * body)[None])[0]
    np.testing.assert_allclose(
        document_vectors([Document("1", "激光焊接", "动力电池" * 100)], encoder)[0], expected, atol=1e-6
    )


@pytest.mark.parametrize("filler", ["", "暂无", "未提供"])
def test_a_missing_or_boilerplate_part_does_not_count(encoder, filler):
    alone = encoder.encode(["激光焊接"])[0]
    np.testing.assert_allclose(
        document_vectors([Document("1", "激光焊接", filler)], encoder)[0], alone, atol=1e-6
    )
    np.testing.assert_allclose(query_vectors([Query(filler, "激光焊接")], encoder)[0], alone, atol=1e-6)


def test_traditional_text_means_the_same(encoder):
    traditional, simplified = query_vectors([Query("鐳射焊接與電池"), Query("镭射焊接与电池")], encoder)
    np.testing.assert_array_equal(traditional, simplified)


def test_lone_surrogates_and_nul_do_not_reach_the_tokenizer(encoder):
    assert query_vectors([Query("激光\ud800焊\0接")], encoder).any()


def test_no_text_no_meaning(encoder):
    assert not document_vectors([Document("1", "", "无")], encoder).any()
    assert document_vectors([], encoder).shape == (0, encoder.dimension)
