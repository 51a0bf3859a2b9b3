"""Settings: precedence, names that are relied on, and sentences instead of tracebacks."""

from __future__ import annotations

from pathlib import Path

import pytest

from enrich.errors import UsageError
from enrich.settings import ARXIV_URL, S2_URL, load_settings, unknown_variables


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import os

    for name in os.environ:
        if name.startswith("ENRICH_") or name == "S2_API_KEY":
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_defaults_are_the_published_ones() -> None:
    """Without a word the live services are asked, at arXiv's three seconds."""
    settings = load_settings()
    assert (settings.arxiv_url, settings.s2_url) == (ARXIV_URL, S2_URL)
    assert settings.arxiv_interval == 3
    assert settings.mode == settings.realm == "live"
    assert settings.out == Path("data/enriched")


def test_environment_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The names of the environment are relied on from outside."""
    for name, value in {
        "ENRICH_ARXIV_URL": "https://a.example/api/query",
        "ENRICH_S2_URL": "https://s.example/graph/v1/",
        "ENRICH_ARXIV_INTERVAL": "4",
        "ENRICH_S2_INTERVAL": "2",
        "S2_API_KEY": "k",
        "ENRICH_CONTACT": "me@example.org",
        "ENRICH_STORE": str(tmp_path / "s.sqlite"),
        "ENRICH_OUT": str(tmp_path / "out"),
    }.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert settings.arxiv_url == "https://a.example/api/query"
    assert settings.s2_url == "https://s.example/graph/v1"
    assert (settings.arxiv_interval, settings.s2_interval) == (4, 2)
    assert settings.s2_api_key and settings.s2_api_key.get_secret_value() == "k"
    assert settings.contact == "me@example.org"
    assert settings.store == tmp_path / "s.sqlite"
    assert settings.out == tmp_path / "out"


def test_foreign_variables_are_not_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only ENRICH_* and S2_API_KEY are read: OUT or INDEX of another program means nothing here."""
    for name in ("OUT", "INDEX", "STORE", "SANDBOX", "CONTACT"):
        monkeypatch.setenv(name, "1")
    settings = load_settings()
    assert settings.out == Path("data/enriched")
    assert settings.index is None and settings.contact is None and not settings.sandbox


def test_arguments_over_environment_over_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What is said nearer wins: argument, environment, enrich.toml, pyproject.toml."""
    (tmp_path / "pyproject.toml").write_text("[tool.enrich]\narxiv_interval=5\nmiss_days=1\n")
    (tmp_path / "enrich.toml").write_text("arxiv_interval=6\ncounts_days=2\n")
    assert load_settings().arxiv_interval == 6
    assert load_settings().miss_days == 1
    monkeypatch.setenv("ENRICH_ARXIV_INTERVAL", "7")
    assert load_settings().arxiv_interval == 7
    assert load_settings(arxiv_interval=8).arxiv_interval == 8


def test_gentler_without_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a key, in the shared pool, requests are spaced wider than one second."""
    assert load_settings().s2_interval > 1
    monkeypatch.setenv("S2_API_KEY", "k")
    assert load_settings().s2_interval == 1


def test_the_sandbox_is_another_realm() -> None:
    """A stand-in on loopback shares neither store nor output root with live data."""
    live, box = load_settings(), load_settings(sandbox=True)
    stub = load_settings(arxiv_url="http://127.0.0.1:1/api/query", s2_url="http://localhost:1/g")
    assert live.realm == "live" and box.realm == stub.realm == "sandbox"
    assert live.out != box.out and live.store != box.store


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        ("ENRICH_ARXIV_INTERVAL", "soon", "ENRICH_ARXIV_INTERVAL"),
        ("ENRICH_ARXIV_INTERVAL", "-1", "greater than or equal to 0"),
        ("ENRICH_ARXIV_URL", "ftp://x", "http"),
        ("ENRICH_CONTACT", "a\nb", "header"),
        ("S2_API_KEY", "a\nb", "header"),
    ],
)
def test_a_wrong_value_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, named: str
) -> None:
    """The sentence names the variable and the rule."""
    monkeypatch.setenv(name, value)
    with pytest.raises(UsageError, match=named) as caught:
        load_settings()
    assert name in str(caught.value)


def test_an_unknown_key_in_a_file_is_an_error(tmp_path: Path) -> None:
    """A typing error in a settings file does not pass in silence."""
    (tmp_path / "enrich.toml").write_text("arxiv_intervall=6\n")
    with pytest.raises(UsageError, match="arxiv_intervall"):
        load_settings()


def test_the_key_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither repr nor an error message holds the key."""
    monkeypatch.setenv("S2_API_KEY", "very-secret")
    assert "very-secret" not in repr(load_settings())
    monkeypatch.setenv("ENRICH_ARXIV_INTERVAL", "soon")
    with pytest.raises(UsageError) as caught:
        load_settings()
    assert "very-secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("ENRICH_ARXIV_INTERVL", "ENRICH_ARXIV_INTERVAL"),
        ("ENRICH_OTU", "ENRICH_OUT"),
        ("ENRICH_S2_API_KEY", "S2_API_KEY"),
        ("ENRICH_CONTACTS", "ENRICH_CONTACT"),
    ],
)
def test_a_misspelt_variable_is_an_error(
    monkeypatch: pytest.MonkeyPatch, name: str, meant: str
) -> None:
    """A variable that resembles a setting's does not pass silently: the right name is suggested."""
    monkeypatch.setenv(name, "1")
    with pytest.raises(UsageError, match=f"{name}: did you mean {meant}"):
        load_settings()


def test_an_unlike_variable_is_reported_and_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable with the prefix that resembles no setting may be another tool's: it is named."""
    monkeypatch.setenv("ENRICH_ABCDEF", "1")
    monkeypatch.setenv("ENRICH_ON_FAILURE", "true")
    load_settings()
    assert list(unknown_variables()) == [("ENRICH_ABCDEF", None)]
