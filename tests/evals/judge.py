"""A judge without a model: the rule stands in double brackets in the criterion."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from pipecat.classifiers.base_classifier import BaseClassifier, ChoiceResult, YesNoQuestion, YesNoResult


class Rules(BaseClassifier):
    """``[[re:PATTERN]]`` must be found in the agent's latest reply, ``[[not:PATTERN]]`` must not."""

    async def _ask(self, state: Any, questions: Mapping[str, Any], images: Any = ()) -> Any:
        said = json.dumps(state.get("latest_bot_reply", state)).lower()
        answers: dict[str, Any] = {}
        for name, question in questions.items():
            rule = re.search(r"\[\[(re|not):(.*?)\]\]", str(question.instructions))
            assert rule is not None, question.instructions
            holds = bool(re.search(rule[2], said)) == (rule[1] == "re")
            if isinstance(question, YesNoQuestion):
                answers[name] = YesNoResult(probability=float(holds))
            else:
                options = list(question.options)
                chosen = options[0 if holds else 1]
                answers[name] = ChoiceResult(
                    choice=chosen,
                    probabilities={option: float(option == chosen) for option in options},
                    confidence=1.0,
                )
        return answers, None


def rules(config: Mapping[str, Any]) -> Rules:
    """For ``judge: {eval: {factory: ...}}``."""
    return Rules()
