from dataclasses import fields
from pathlib import Path

import pytest

from backbone.settings import Settings, SettingUnusable, describe_settings, load_settings


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch):
    for entry in fields(Settings):
        # Set, then deleted: so that what an .env file leaves in the environment is undone as well.
        monkeypatch.setenv(entry.name.upper(), "")
        monkeypatch.delenv(entry.name.upper())


def test_without_an_environment_everything_has_its_default():
    assert load_settings(None) == Settings()


def test_variables_are_read_with_the_type_of_their_field(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://someone@db/sanwang")
    monkeypatch.setenv("DEMO_MODE", "true")
    monkeypatch.setenv("HTTP_PORT", "9000")
    monkeypatch.setenv("VAR_DIR", "/srv/sanwang")
    monkeypatch.setenv("JOB_POLLING_S", "0.5")
    read = load_settings(None)
    assert read.database_url == "postgresql://someone@db/sanwang"
    assert read.demo_mode is True
    assert (read.http_port, read.var_dir, read.job_polling_s) == (9000, Path("/srv/sanwang"), 0.5)


def test_an_empty_variable_counts_as_unset(monkeypatch):
    monkeypatch.setenv("HTTP_PORT", "")
    assert load_settings(None).http_port == Settings().http_port


def test_the_env_file_is_read_and_the_environment_wins(tmp_path, monkeypatch):
    env_file = tmp_path / ".env"
    env_file.write_text("HTTP_PORT=8100\nHTTP_HOST=0.0.0.0\n", encoding="utf-8")
    monkeypatch.setenv("HTTP_PORT", "8200")
    read = load_settings(env_file)
    assert (read.http_port, read.http_host) == (8200, "0.0.0.0")  # noqa: S104 - a value to compare, nothing listens


def test_a_missing_env_file_is_no_error(tmp_path):
    assert load_settings(tmp_path / "nowhere.env") == Settings()


@pytest.mark.parametrize(
    ("name", "value"), [("HTTP_PORT", "eight"), ("DEMO_MODE", "perhaps"), ("JOB_POLLING_S", "x")]
)
def test_a_value_of_the_wrong_type_is_refused_by_name(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingUnusable, match=f"{name} 应为.*{name} must be"):
        load_settings(None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HTTP_PORT", "99999"), ("HTTP_PORT", "-1"), ("WEB_WORKERS", "0"), ("TOKEN_DAYS", "0"), ("JOB_POLLING_S", "0"),
        ("IDEMPOTENCY_DAYS", "-3"), ("SEARCH_ENGINE", "solr"), ("DATABASE_URL", "mysql://x/y"), ("MIGRATION_DATABASE_URL", "sanwang"),
    ],
)  # fmt: skip
def test_a_value_out_of_range_is_refused_by_name(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingUnusable, match=name):
        load_settings(None)


@pytest.mark.parametrize("port", ["0", "65535"])
def test_the_borders_of_a_range_belong_to_it(monkeypatch, port):
    monkeypatch.setenv("HTTP_PORT", port)
    assert load_settings(None).http_port == int(port)


def test_every_setting_is_documented():
    described = describe_settings()
    assert [name for name, _, _ in described] == [entry.name.upper() for entry in fields(Settings)]
    assert all(len(doc) > 10 for _, _, doc in described)


def test_demo_mode_is_off_unless_asked_for():
    assert Settings().demo_mode is False


SECRET = "s3cr/t@of:all"
SECRETS = {
    entry.name: Path("/keys", "s3cr") if entry.metadata["read"] == "path" else SECRET
    for entry in fields(Settings)
    if entry.metadata["secret"]
}
URLS = {
    "database_url": f"postgresql://sanwang_app:{SECRET}@db/sanwang?sslmode=require",
    "migration_database_url": f"postgresql://db/sanwang?user=owner&password={SECRET}&sslpassword={SECRET}",
    "smtp_url": f"smtp://notices@example.org:{SECRET}@mail:587?starttls=true",
    "milvus_uri": f"http://:{SECRET}@milvus:19530/sanwang",
}


@pytest.mark.parametrize("say", [repr, str, lambda settings: str(settings.shown())])
def test_nothing_that_is_said_of_the_settings_holds_a_secret(say):
    said = say(Settings(**SECRETS, **URLS))
    assert "s3cr" not in said
    for rest in (
        "sanwang_app:***@db/sanwang?sslmode=require",
        "user=owner&password=***&sslpassword=***",
        "mail:587",
    ):
        assert rest in said
    assert said.count("***") == len(SECRETS) + 5


def test_what_is_named_like_a_secret_is_one():
    named = {entry.name for entry in fields(Settings) if entry.name.endswith(("_key", "_token", "_password"))}
    assert named == SECRETS.keys()
    assert {entry.name for entry in fields(Settings) if entry.name.endswith(("_url", "_uri"))} == URLS.keys()


def test_what_is_unset_is_said_to_be_and_what_is_no_secret_stands_there():
    shown = Settings(http_port=8100).shown()
    assert (shown["digest_key"], shown["smtp_url"], shown["http_port"]) == ("", None, 8100)
    assert "http_port=8100, web_workers=2" in repr(Settings(http_port=8100))
