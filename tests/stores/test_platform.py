"""Who may look across tenants: an allow-list of the places that open a platform session."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
ALLOWED = {
    "web/self_check_scene.py": "the self-check has two tenants of its own",
    "tools/sign_in.py": "who signs in says an address, not an organisation",
    "tools/accounts.py": "who forgot a password says an address, not an organisation",
    "web/passwords.py": "a link to choose a password arrives before its tenant is known",
    "stores/db.py": "the house tenant is made before anyone can act for it",
    "agent/stored_calls.py": "a call, its socket and its status arrive before their tenant is known",
    "web/conversations.py": "a chat names a telephone number, or a conversation by its id",
    "simulate/paired.py": "an operator names a client by its slug",
    "simulate/inside.py": "a simulation reads what it made, in a database of its own",
    "simulate/matrix.py": "a simulated set-up makes room for the next, in a database of its own",
    "web/texts.py": "a text names only a telephone number",
    "web/office/calendar_file.py": "a link to an appointment arrives before its tenant is known",
    "web/links.py": "a one-time link arrives before its tenant is known",
    "web/outbox.py": "in development every message can be read",
    "web/pages.py": "in development the talk page offers every line",
    "web/recordings.py": "the operator fetches a recording on the command line",
    "web/call_report.py": "the operator reads a call on the command line",
    "tools/outcomes.py": "onboarding is measured over all clients",
    "tools/measure.py": "finished calls and slow days are found for all tenants",
    "web/api/tenants.py": "the operator's list of all clients",
    "web/api/calls.py": "the operator looks up a call by the carrier's id",
    "web/access.py": "a request names a tenant by its slug",
    "jobs/sweeps.py": "what has expired is forgotten for all at once",
    "tools/delivery.py": "whose letters are waiting",
    "tools/webhooks.py": "whose webhooks are due",
    "tools/data_requests.py": "whose exports wait, whose deletions are due",
    "tools/retention.py": "every client's data grows old",
    "tools/keyring.py": "a key that is turned wraps the data keys of all clients",
    "jobs/bench.py": "the operator's commands name a client by its slug",
    "jobs/commands.py": "the operator asks what has expired at every client",
    "tools/offers.py": "whose holds have run out",
    "tools/reminders.py": "whose appointments are near",
    "tools/follow_up.py": "whose follow-up is due",
    "tools/listing_feeds.py": "whose listings are to be read again",
    "tools/meaning.py": "whose answers have no vectors yet",
    "tools/dialling.py": "whose calls are due, or were lost sight of",
    "tools/availability.py": "whose calendars were not read lately",
    "tools/routing.py": "whose leads nobody took in time",
    "tools/admission.py": "lines are counted over all tenants before one of them gets another",
    "tools/metering.py": "every client's use is compared with its plan",
    "tools/plan.py": "whose change of plan has come due",
    "jobs/engine.py": "durable work is taken over whoever asked for it",
    "web/provisioning.py": "the operator looks at the provisioning of every client",
}


def _openings() -> list[tuple[str, int, ast.Call]]:
    found = []
    for package in (
        "core",
        "policies",
        "stores",
        "integrations",
        "tools",
        "flows",
        "agent",
        "jobs",
        "web",
        "simulate",
        "service",
    ):
        here = ROOT / package
        for file in [here] if here.is_file() else here.rglob("*.py"):
            tree = ast.parse(file.read_text(), str(file))
            found += [
                (str(file.relative_to(ROOT)), node.lineno, node)
                for node in ast.walk(tree)
                if isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "platform"
                and node.args + node.keywords
            ]
    return found


def test_platform_sessions_are_opened_where_there_is_a_reason_to() -> None:
    openings = _openings()
    assert {file for file, _, _ in openings} <= ALLOWED.keys()
    for file, line, call in openings:
        (reason,) = call.args
        assert isinstance(reason, ast.Constant), (
            f"{file}:{line}: the reason is logged, so it is a fixed sentence"
        )
        assert len(str(reason.value).split()) > 2, f"{file}:{line}: say why"
