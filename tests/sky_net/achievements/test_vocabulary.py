import pytest

from sky_net.achievements.vocabulary import STAGES, stage_of


@pytest.mark.parametrize(
    ("trls", "stage"), [(range(1, 5), "early"), (range(5, 8), "middle"), (range(8, 10), "mature")]
)
def test_every_trl_has_its_stage(trls, stage):
    assert {stage_of(trl) for trl in trls} == {stage}
    assert stage in STAGES


def test_an_unknown_trl_has_no_stage():
    assert stage_of(None) is None
