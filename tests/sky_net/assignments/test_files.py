"""A day from files: what holds where nothing is said of an institute."""

from sky_net.assignments.exposure import load
from sky_net.assignments.files import assign_files
from sky_net.matching.entries import Entry, OwnedEntry
from tests.factories.matching import shipped_encoder

NEEDS = [Entry(f"N{each}", f"紫铜激光焊接飞溅抑制{each}", "") for each in range(30)]
OFFERS = [OwnedEntry("A0", "紫铜激光焊接飞溅抑制", "", "laser")] + [
    OwnedEntry(f"A{each}", "水稻稻瘟病抗性育种", "", f"rice{each}") for each in range(1, 40)
]


def busiest(quota: int | None) -> int:
    found = assign_files(NEEDS, OFFERS, shipped_encoder(), places=1, quota=quota).assignment
    assert found.quotas_broken == 0
    return int(load(found.table, found.chosen).max())


def test_without_a_quota_nobody_is_kept_from_what_it_alone_answers():
    assert busiest(None) > 25
    assert busiest(4) <= 4
