from datetime import date

import pytest

from ground_net.network.checking import Standing, check_pattern, is_standing

TODAY = date(2026, 3, 10)


def row(key, kind="node", parent="HB", region_code="420000", **more):
    return {"key": key, "kind": kind, "name": key, "parent": parent, "region_code": region_code, **more}


HUB = row("HB", "hub", None)
STANDS = {"HB": Standing(HUB, False), "OLD": Standing(row("OLD", "hub", None), True)}


def faults(*rows, standing=STANDS):
    return [(place, field) for place, field, _ in check_pattern(rows, standing, today=TODAY)]


def test_a_whole_pattern_in_any_order_has_no_fault():
    assert faults(row("HB-1-01", "station", "HB-1"), row("HB-1"), HUB, standing={}) == []


def test_every_fault_is_named_with_its_place():
    rows = [
        row("HB-1"),
        row("HB-1"),
        row("HB-2", parent="NOWHERE"),
        row("HB-3", region_code="999999"),
        row("HB-4", kind="moon"),
        row("hb-5"),
        row("HB-6", parent="OLD"),
        row("HB-7", parent=None),
        row("HB-8", "hub", "HB-1"),
        row("HB-9", nodes_planned=8),
        row("HB-A", opened_on=date(2026, 3, 11)),
        row("HB-B", host_enterprise_id="e", host_organisation="某单位"),
    ]
    assert faults(*rows) == [
        (1, "key"), (2, "parent"), (3, "region_code"), (4, "kind"), (5, "key"), (6, "parent"), (7, "parent"), (8, "parent"),
        (9, "nodes_planned"), (10, "opened_on"), (11, "host_organisation"),
    ]  # fmt: skip


def test_a_circle_is_named_once_with_everything_on_it():
    circle = [row("A", "hub", "C"), row("B", "hub", "A"), row("C", "hub", "B"), row("D", "hub", "A")]
    [(place, field, problem)] = check_pattern(circle, {}, today=TODAY)
    assert (place, field) == (0, "parent")
    assert "A → C → B → A" in problem.zh
    assert "A → C → B → A" in problem


def test_a_node_below_itself_is_a_circle():
    assert faults(row("A", "hub", "A"), standing={}) == [(0, "parent")]


def test_what_stands_already_as_it_is_said_is_no_fault_and_otherwise_one():
    assert is_standing(HUB, STANDS)
    assert faults(HUB) == []
    assert not is_standing(HUB | {"name": "另名"}, STANDS)
    assert faults(HUB | {"name": "另名"}) == [(0, "key")]


@pytest.mark.parametrize("key", ["HB", "HB-HS-03", "7", "A1-2B"])
def test_keys_are_capitals_and_digits(key):
    assert faults(row(key, "hub", None), standing={}) == []


@pytest.mark.parametrize("key", ["hb", "HB-", "-HB", "HB--1", "HB 1", "鄂", "ＨＢ", "HB/1", "HB\n"])
def test_other_keys_are_refused(key):
    assert faults(row(key, "hub", None), standing={}) == [(0, "key")]
