from datetime import date

import pytest

from ground_net.centres.published import PUBLISHED, read_figures

ROW = {
    "key": "a",
    "zh": "甲",
    "en": "A",
    "value": 1,
    "unit": {"zh": "家", "en": "firms"},
    "source": "某报",
    "as_of": date(2024, 6, 30),
}


def test_the_published_institutes_and_projects_are_figures_with_source_and_day():
    found = {figure.key: figure for figure in PUBLISHED}
    assert (found["institutes_linked"].value, found["projects_linked"].value) == (88, 99)
    for figure in PUBLISHED:
        assert figure.source
        assert figure.name.zh
        assert figure.as_of_on <= date(2024, 6, 30)


@pytest.mark.parametrize(
    "rows", [[ROW, ROW], [ROW | {"source": ""}], [ROW | {"as_of": None}], [ROW | {"as_of": "2024"}]]
)
def test_a_figure_twice_or_without_source_or_day_is_refused(rows):
    with pytest.raises(ValueError, match=r"twice|no source"):
        read_figures({"figures": rows})
