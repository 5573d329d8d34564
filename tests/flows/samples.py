"""Small flows the tests share. ``expected`` reads the problems a text announces about itself."""

from __future__ import annotations

import re

from flows.linter import ToolSpec

TYPES = ("text", "email", "choice", "yes_no", "person_name")
TOOLS = {
    "register": ToolSpec(
        args=("org", "email", "plan", "website"),
        required=("org",),
        statuses=("registered", "exists"),
        facts=("number",),
    ),
    "save_voice": ("voice", "greeting"),
    "save_rest": (),
}

GOOD = """
flow: signup
version: 1
title: Sign up
opening: "Welcome to {brand}."
goal: a live agent
facts: [brand, caller_id]
anywhere: [help, repeat]
on_end: save_rest
closing: "Goodbye {org}."
slots:
  org:
    type: text
    label: organisation
    confirm: explicit
    ask: {voice: "What is it called?", again: ["The name, please.", "For example Acme Realty. Yours?"]}
  email: {type: email, label: e-mail, ask: {voice: "Your e-mail at {org}?"}}
  plan:
    type: choice
    label: plan
    ask: {voice: "Which plan?"}
    choices: [{value: starter, label: Starter}, {value: pro, label: Pro, also: [professional]}]
  website: {type: text, label: website, ask: {voice: "Your website?"}, when: {slot: plan, is: [pro]}}
  voice: {type: choice, label: voice, ask: {voice: "Which voice?"}, choices_from: voices}
  greeting: {type: text, label: greeting, ask: {voice: "How do we greet, {org}?"}}
steps:
  - step: account
    title: Account
    required: [org, plan, email]
    optional: [website]
    tool: register
    next: {cases: {registered: agent, exists: agent}}
  - step: agent
    title: Agent
    intro: "{org} has the number {number}."
    required: [voice, greeting]
    tool: save_voice
    done: "Your agent will say {greeting}."
    next: end
"""


def expected(text: str) -> set[tuple[int, str]]:
    """``(line, code)`` of every ``#! code code`` mark in the text."""
    return {
        (number, code)
        for number, line in enumerate(text.splitlines(), 1)
        if (mark := re.search(r"#! (.*)$", line))
        for code in mark.group(1).split()
    }
