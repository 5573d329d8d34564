"""The outside world: real where there are credentials, readable files and fictional numbers otherwise."""

from __future__ import annotations

import hmac

from agent.speech import spanish_voice
from core import embedding
from core.clock import SystemClock
from core.settings import Settings
from integrations.calendars import Calendars
from integrations.crm import Connectors
from integrations.http import Outside
from integrations.numbers import FictionalNumbers, Numbers, TwilioNumbers
from integrations.outbox import Messenger
from integrations.payments import Payments, SandboxPayments, Stripe
from integrations.twilio import FictionalAccounts, Twilio
from integrations.webhooks import Webhooks
from policies.webhooks import webhooks as webhook_policy
from stores.vault import open_vault
from tools.base import Ports


def make_carrier(settings: Settings) -> Twilio | None:
    """Twilio, where there are credentials for it."""
    if not settings.twilio_ready or settings.twilio_account_sid is None or settings.twilio_auth_token is None:
        return None
    token = settings.twilio_auth_token.get_secret_value()
    return Twilio(settings.twilio_account_sid, token, api_url=settings.twilio_api_url)


def make_payments(settings: Settings) -> Payments | None:
    """Stripe where it is set up; in development a sandbox; in production without it nothing."""
    if settings.stripe_ready and settings.stripe_secret_key and settings.stripe_webhook_secret:
        return Stripe(
            settings.stripe_secret_key.get_secret_value(),
            settings.stripe_webhook_secret.get_secret_value(),
            settings.prices,
            clock=SystemClock(),
            public_url=settings.origin,
            api_url=settings.stripe_api_url,
        )
    if settings.production:
        return None
    # every process of one installation has the same key, and it opens nothing else
    key = hmac.digest(settings.operator_key().encode(), b"seiketsu sandbox payments", "sha256")
    return SandboxPayments(key, clock=SystemClock(), public_url=settings.origin)


def voice_engines(settings: Settings) -> tuple[str, ...]:
    """The engines a call is spoken with, as policies/voices.yaml names them, best first."""
    engine = {"openai": "openai", "piper_http": "piper"}.get(settings.tts, "hibari")
    return (engine, "kokoro") if settings.tts == "embedded" and not spanish_voice.missing() else (engine,)


def make_ports(settings: Settings, carrier: Twilio | None) -> Ports:
    """The outside world, real where there are credentials, readable files and fictional numbers otherwise."""
    numbers: Numbers = FictionalNumbers(taken=[settings.onboarding_number])
    if settings.twilio_ready:
        assert settings.twilio_account_sid
        assert settings.twilio_auth_token
        numbers = TwilioNumbers(
            settings.twilio_account_sid,
            settings.twilio_auth_token.get_secret_value(),
            public_url=settings.origin,
            api_url=settings.twilio_api_url,
        )
    mail = Messenger(
        settings.data_dir / "outbox",
        smtp_url=settings.smtp_url.get_secret_value() if settings.smtp_url else None,
        mail_from=settings.mail_from,
        sms=carrier,
    )
    return Ports(
        numbers=numbers,
        mail=mail,
        engines=voice_engines(settings),
        crm=Connectors(),
        calls=carrier,
        accounts=carrier or FictionalAccounts(),
        vault=open_vault(settings),
        calendars=Calendars(Outside(local=settings.webhooks_local)),
        payments=make_payments(settings),
        public_url=settings.origin,
        webhooks=Webhooks(Outside(local=settings.webhooks_local), timeout=webhook_policy().timeout_seconds),
        webhooks_local=settings.webhooks_local,
        data_dir=settings.data_dir,
        onboarding_number=settings.onboarding_number,
        embed=None if embedding.why_not() else embedding.embed_beside,
    )
