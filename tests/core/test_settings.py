"""Settings: documented, checked all at once, and strict in production."""

from pathlib import Path

import pytest

from core.errors import StartupError
from core.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.alias), raising=False)
    monkeypatch.chdir(tmp_path)


def documented() -> dict[str, str]:
    text = (Path(__file__).parents[2] / ".env.example").read_text()
    pairs = (line.split("=", 1) for line in text.splitlines() if line and not line.startswith("#"))
    return dict(pairs)


def test_env_example_names_every_setting_and_no_other() -> None:
    assert set(documented()) == {field.alias for field in Settings.model_fields.values()}


def test_env_example_states_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Settings()
    for name, value in documented().items():
        monkeypatch.setenv(name, value)
    assert Settings() == plain


def test_every_problem_is_reported_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AC1")
    monkeypatch.setenv("SEIKETSU_PUBLIC_URL", "voice.example.com")
    monkeypatch.setenv("SEIKETSU_ONBOARDING_NUMBER", "303")
    with pytest.raises(StartupError) as caught:
        load_settings()
    text = str(caught.value)
    assert all(
        name in text for name in ("TWILIO_AUTH_TOKEN", "SEIKETSU_PUBLIC_URL", "SEIKETSU_ONBOARDING_NUMBER")
    )


def test_a_value_of_the_wrong_kind_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEIKETSU_PORT", "many")
    with pytest.raises(StartupError, match="SEIKETSU_PORT"):
        load_settings()


def test_production_refuses_development_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEIKETSU_ENV", "production")
    monkeypatch.setenv("SEIKETSU_ADMIN_KEY", "change-me-please-now")
    with pytest.raises(StartupError) as caught:
        load_settings()
    where = {p.where for p in caught.value.problems}
    assert where == {
        "SEIKETSU_ADMIN_KEY",
        "SEIKETSU_SECRET_KEY",
        "SEIKETSU_PUBLIC_URL",
        "DATABASE_URL",
        "TWILIO_ACCOUNT_SID",
    }


def test_the_operator_key_is_made_once_and_private(tmp_path: Path) -> None:
    settings = Settings(SEIKETSU_DATA_DIR=tmp_path)  # type: ignore[call-arg]
    key = settings.operator_key()
    assert key == settings.operator_key()
    assert (tmp_path / "admin.key").stat().st_mode & 0o777 == 0o600


def test_a_key_for_a_model_switches_the_brain(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().brain_in_use == "guided"
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    assert load_settings().brain_in_use == "openai"


def test_secrets_do_not_show_in_the_settings_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "very-secret-key")
    assert "very-secret-key" not in repr(load_settings())
