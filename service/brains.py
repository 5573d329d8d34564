"""Who answers: the guided brain, or a language model that it answers for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from agent.brains.guided import GuidedBrain
from agent.brains.model import Endpoint, ModelLimits
from agent.brains.openai import OpenAIBrain, OpenAIText
from agent.brains.text import GuidedText, TextBrain
from agent.session import BrainFactory
from core.settings import Settings
from web import (
    metrics,
)


@dataclass
class Brains:
    """Who answers: on a live line, and to a typed message. ``endpoint``: the model's, where there is one."""

    live: BrainFactory
    typed: TextBrain
    endpoint: Endpoint | None = None


def make_brains(settings: Settings) -> Brains:
    """The guided brain, or a language model that it answers for."""
    if settings.brain_in_use == "guided" or settings.openai_api_key is None:
        return Brains(GuidedBrain, GuidedText())
    endpoint = Endpoint(
        api_key=settings.openai_api_key.get_secret_value(),
        base_url=settings.openai_base_url,
        model=settings.openai_model,
        limits=ModelLimits(first_token=settings.first_token_seconds),
    )
    live = partial(OpenAIBrain, endpoint=endpoint, on_model=metrics.note_model)
    return Brains(live, OpenAIText(endpoint, on_model=metrics.note_model), endpoint)
