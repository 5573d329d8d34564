"""Every setting of the service, in one class. The only reader of the environment."""

from __future__ import annotations

import ipaddress
import secrets
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import Problem, StartupError
from core.networks import Networks, networks

MIN_SECRET = 16
ONBOARDING = "+13035550100"
"""The number brokerages call where none is set: fictional (555-01XX is nobody's)."""
PLANS = ("starter", "professional", "business", "enterprise")
"""The plans of policies/plans.yaml, which is read further up; a test compares them."""


class Settings(BaseSettings):
    """Read from the environment and from ``.env`` (which ``.env.example`` documents)."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        env_ignore_empty=True,
        populate_by_name=True,
    )

    env: Literal["development", "production"] = Field("development", alias="SEIKETSU_ENV")
    host: str = Field("127.0.0.1", alias="SEIKETSU_HOST")
    port: int = Field(8000, alias="SEIKETSU_PORT", ge=1, le=65535)
    data_dir: Path = Field(Path("./var"), alias="SEIKETSU_DATA_DIR")
    public_url: str | None = Field(None, alias="SEIKETSU_PUBLIC_URL")
    trusted_proxies: str = Field("", alias="SEIKETSU_TRUSTED_PROXIES")
    admin_key: SecretStr | None = Field(None, alias="SEIKETSU_ADMIN_KEY")
    secret_key: SecretStr | None = Field(None, alias="SEIKETSU_SECRET_KEY")
    key_ring: Path | None = Field(None, alias="SEIKETSU_KEY_RING")
    webhooks_local: bool = Field(False, alias="SEIKETSU_WEBHOOKS_LOCAL")
    onboarding_number: str = Field(ONBOARDING, alias="SEIKETSU_ONBOARDING_NUMBER")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", alias="SEIKETSU_LOG_LEVEL")
    log_format: Literal["text", "json"] = Field("json", alias="SEIKETSU_LOG_FORMAT")

    brain: Literal["auto", "guided", "openai"] = Field("auto", alias="SEIKETSU_BRAIN")
    stt: str = Field("embedded", alias="SEIKETSU_STT")
    tts: str = Field("embedded", alias="SEIKETSU_TTS")
    stub_texts: Path | None = Field(None, alias="SEIKETSU_STUB_TEXTS")
    stub_pace: float = Field(1.0, alias="SEIKETSU_STUB_PACE", gt=0)
    whisper: Literal["auto", "base", "tiny.en"] = Field("auto", alias="SEIKETSU_WHISPER")
    speech: bool = Field(True, alias="SEIKETSU_SPEECH")
    max_calls: int = Field(10, alias="SEIKETSU_MAX_CALLS", ge=1)
    platform_calls: int | None = Field(None, alias="SEIKETSU_PLATFORM_CALLS", ge=1)
    max_call_minutes: int = Field(20, alias="SEIKETSU_MAX_CALL_MINUTES", ge=1, le=240)
    first_token_seconds: float = Field(2.5, alias="SEIKETSU_FIRST_TOKEN_SECONDS", gt=0)

    jobs: Literal["inside", "outside"] = Field("inside", alias="SEIKETSU_JOBS")
    database_url: str | None = Field(None, alias="DATABASE_URL")
    openai_api_key: SecretStr | None = Field(None, alias="OPENAI_API_KEY")
    openai_base_url: str | None = Field(None, alias="OPENAI_BASE_URL")
    openai_model: str = Field("gpt-4.1", alias="OPENAI_MODEL")
    openai_stt_model: str = Field("gpt-4o-transcribe", alias="OPENAI_STT_MODEL")
    openai_tts_model: str = Field("gpt-4o-mini-tts", alias="OPENAI_TTS_MODEL")
    openai_tts_voice: str = Field("alloy", alias="OPENAI_TTS_VOICE")
    twilio_account_sid: str | None = Field(None, alias="TWILIO_ACCOUNT_SID")
    twilio_auth_token: SecretStr | None = Field(None, alias="TWILIO_AUTH_TOKEN")
    twilio_api_url: str = Field("https://api.twilio.com", alias="TWILIO_API_URL")
    stripe_secret_key: SecretStr | None = Field(None, alias="STRIPE_SECRET_KEY")
    stripe_webhook_secret: SecretStr | None = Field(None, alias="STRIPE_WEBHOOK_SECRET")
    stripe_prices: str = Field("", alias="STRIPE_PRICES")
    stripe_api_url: str = Field("https://api.stripe.com", alias="STRIPE_API_URL")
    otlp_url: str | None = Field(None, alias="SEIKETSU_OTLP_URL")
    smtp_url: SecretStr | None = Field(None, alias="SEIKETSU_SMTP_URL")
    mail_from: str = Field("Seiketsu <onboarding@localhost>", alias="SEIKETSU_MAIL_FROM")

    @property
    def production(self) -> bool:
        """Whether defaults that are fine on a laptop must be refused."""
        return self.env == "production"

    @property
    def lines(self) -> int:
        """Calls at once over all processes; one process alone is the whole platform."""
        return self.platform_calls or self.max_calls

    @property
    def origin(self) -> str:
        """The address the outside world uses, without a trailing slash."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def brain_in_use(self) -> Literal["guided", "openai"]:
        """``auto`` means: a language model when there is a key for one, else guided."""
        if self.brain == "auto":
            return "openai" if self.openai_api_key else "guided"
        return self.brain

    @property
    def twilio_ready(self) -> bool:
        """Whether calls, numbers and texts can go through Twilio."""
        return bool(self.twilio_account_sid and self.twilio_auth_token)

    @property
    def stripe_ready(self) -> bool:
        """Whether clients can pay through Stripe."""
        return bool(self.stripe_secret_key and self.stripe_webhook_secret and self.stripe_prices)

    @property
    def prices(self) -> dict[str, str]:
        """Plan -> id of its price at Stripe. What cannot be read is left out, and is a problem."""
        pairs = (pair.partition("=") for pair in self.stripe_prices.split(",") if pair.strip())
        return {plan.strip(): price.strip() for plan, _, price in pairs if plan.strip() and price.strip()}

    @property
    def proxies(self) -> Networks:
        """Whose word on the caller's address is taken, besides this machine's; nobody's if unreadable."""
        try:
            return networks(self.trusted_proxies)
        except ValueError:
            return Networks(())

    def operator_key(self) -> str:
        """The platform operator's API key; without a setting, one made once and kept beside the data."""
        if self.admin_key is not None:
            return self.admin_key.get_secret_value()
        path = self.data_dir / "admin.key"
        try:
            return path.read_text().strip()
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            key = secrets.token_urlsafe(32)
            path.touch(mode=0o600)
            path.write_text(key)
            return key

    def problems(self) -> list[Problem]:
        """Everything that keeps this configuration from being served, all at once."""
        found: list[Problem] = []
        if self.brain == "openai" and self.openai_api_key is None:
            found.append(
                Problem("the openai brain needs a key", "OPENAI_API_KEY", "set it, or SEIKETSU_BRAIN=guided")
            )
        if bool(self.twilio_account_sid) != bool(self.twilio_auth_token):
            missing = "TWILIO_AUTH_TOKEN" if self.twilio_account_sid else "TWILIO_ACCOUNT_SID"
            found.append(
                Problem("Twilio needs both the account and its token", missing, "set both or neither")
            )
        found += self._payment_problems()
        try:
            networks(self.trusted_proxies)
        except ValueError as wrong:
            found.append(Problem(str(wrong), "SEIKETSU_TRUSTED_PROXIES", "e.g. 10.0.1.7,172.20.0.0/16"))
        if self.public_url is not None:
            url = urlsplit(self.public_url)
            if url.scheme not in ("http", "https") or not url.hostname or url.query or url.fragment:
                found.append(
                    Problem(
                        "is not an http(s) origin", "SEIKETSU_PUBLIC_URL", "e.g. https://voice.example.com"
                    )
                )
        if not self.onboarding_number.startswith("+") or not self.onboarding_number[1:].isdigit():
            found.append(Problem("is not an E.164 number", "SEIKETSU_ONBOARDING_NUMBER", "e.g. +13035550100"))
        if self.production:
            found += self._production_problems()
        return found

    def _payment_problems(self) -> list[Problem]:
        """Stripe is set up wholly, with a price for every plan, or not at all."""
        given = {
            "STRIPE_SECRET_KEY": self.stripe_secret_key,
            "STRIPE_WEBHOOK_SECRET": self.stripe_webhook_secret,
            "STRIPE_PRICES": self.stripe_prices,
        }
        if not any(given.values()):
            return []
        step = "set all of STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET and STRIPE_PRICES, or none"
        found = [Problem("Stripe needs this, too", name, step) for name, value in given.items() if not value]
        if self.stripe_prices:
            missing = [plan for plan in PLANS if plan not in self.prices]
            unknown = [plan for plan in self.prices if plan not in PLANS]
            example = "e.g. " + ",".join(f"{plan}=price_{n}" for n, plan in enumerate(PLANS, 1))
            if missing:
                found.append(Problem(f"no price for {', '.join(missing)}", "STRIPE_PRICES", example))
            if unknown:
                found.append(Problem(f"no such plan: {', '.join(unknown)}", "STRIPE_PRICES", example))
        return found

    def _production_problems(self) -> list[Problem]:
        found: list[Problem] = []
        for name, secret in (
            ("SEIKETSU_ADMIN_KEY", self.admin_key),
            ("SEIKETSU_SECRET_KEY", self.secret_key),
        ):
            if name == "SEIKETSU_SECRET_KEY" and self.key_ring is not None:
                continue
            value = secret.get_secret_value() if secret else ""
            if len(value) < MIN_SECRET or value.startswith("change-me"):
                found.append(
                    Problem(
                        f"production needs a secret of at least {MIN_SECRET} characters",
                        name,
                        "python -c 'import secrets; print(secrets.token_urlsafe(32))'",
                    )
                )
        if self.public_url is None or not self.public_url.startswith("https://"):
            found.append(
                Problem("production needs an https origin", "SEIKETSU_PUBLIC_URL", "Twilio calls it")
            )
        if self.database_url is None:
            found.append(
                Problem(
                    "the embedded database is for development", "DATABASE_URL", "point it at a Postgres >= 16"
                )
            )
        if self.webhooks_local:
            found.append(
                Problem("webhooks must not reach private addresses", "SEIKETSU_WEBHOOKS_LOCAL", "unset it")
            )
        if not self.twilio_ready:
            found.append(
                Problem(
                    "production needs Twilio", "TWILIO_ACCOUNT_SID", "set TWILIO_ACCOUNT_SID and _AUTH_TOKEN"
                )
            )
        for name, provider in (("SEIKETSU_STT", self.stt), ("SEIKETSU_TTS", self.tts)):
            if provider == "stub":
                found.append(Problem("the stub is for load tests", name, "use embedded or openai"))
        return found


def load_settings(**overrides: object) -> Settings:
    """Read and check the settings; raises ``StartupError`` naming every problem."""
    try:
        settings = Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        problems = [
            Problem(e["msg"], str(e["loc"][0]) if e["loc"] else "", "see .env.example")
            for e in error.errors()
        ]
        raise StartupError("Some settings are wrong:", problems=problems) from None
    problems = settings.problems()
    if problems:
        raise StartupError("Seiketsu cannot start with these settings:", problems=problems)
    return settings


def is_loopback(host: str | None) -> bool:
    """Whether a peer address is this machine."""
    if host is None:
        return False
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
