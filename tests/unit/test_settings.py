"""Settings: what is empty counts as not set, and what cannot be used is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import InputError
from assistant.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"IIAM_{name.upper()}", raising=False)


def test_nothing_needs_to_be_set():
    settings = load_settings()
    assert settings.database == settings.home / "iiam.sqlite3"
    assert (settings.standard, settings.policy, settings.actor) == (None, "", "")


def test_an_empty_setting_is_the_default_not_the_working_folder(monkeypatch):
    default = load_settings()
    for name in Settings.model_fields:
        monkeypatch.setenv(f"IIAM_{name.upper()}", "")
    assert load_settings() == default


def test_a_file_of_settings_is_read(tmp_path):
    (tmp_path / ".env").write_text("IIAM_ACTOR=王工\nIIAM_HOME=/somewhere\n", encoding="utf-8")
    settings = load_settings()
    assert (settings.actor, settings.home) == ("王工", Path("/somewhere"))


@pytest.mark.parametrize("data", [b"IIAM_ACTOR=\xff\xfe\n"])
def test_a_file_of_settings_that_is_no_text_is_told(tmp_path, data):
    (tmp_path / ".env").write_bytes(data)
    with pytest.raises(InputError, match=r"^当前文件夹中的 \.env 文件读不出来。"):
        load_settings()


def test_a_database_address_without_a_scheme_is_told_and_makes_no_file(tmp_path, monkeypatch):
    monkeypatch.setenv("IIAM_DATABASE_URL", "nonsense")
    with pytest.raises(
        InputError, match=r"^设置有误：IIAM_DATABASE_URL（数据库地址；.*）。请检查环境变量或 .env 文件。$"
    ):
        load_settings()
    assert list(tmp_path.iterdir()) == []


def test_a_key_is_not_shown():
    assert "geheim" not in repr(load_settings(embed_api_key="geheim"))
