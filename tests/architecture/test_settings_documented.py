"""Every setting is documented, and the README's table says the same."""

from dataclasses import fields

from backbone.settings import Settings, describe_settings


def test_every_setting_says_what_it_is_for():
    assert all(len(entry.metadata["doc"]) > 10 for entry in fields(Settings))


def test_describe_settings_lists_every_environment_variable_once():
    names = [name for name, _, _ in describe_settings()]
    assert names == [entry.name.upper() for entry in fields(Settings)]
    assert len(set(names)) == len(names)
