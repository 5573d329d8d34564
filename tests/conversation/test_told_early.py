"""A042, A044: what a broker tells before it is asked is kept, a correction wins, an addition adds."""

from __future__ import annotations

from typing import Any

import pytest

from agent.understanding.cities import find_cities
from agent.understanding.understand import understand
from tests.conversation.test_of_the_broker import shown
from tests.conversation.test_precision import told, view

FIRM = "Dale Roper Real Estate"


def heard(slot: str, said: str, kind: str = "ask", **known: Any) -> dict[str, Any]:
    firm = {} if slot == "organization_name" else {"organization_name": FIRM}
    seen = view("onboarding", kind, [slot], "chat", **{**firm, **known})
    if kind == "offer":
        seen.state.slot(slot).offer = "America/Chicago"
    return shown(told(understand(said, seen)))


@pytest.mark.parametrize(
    ("said", "values"),
    [
        (
            "Lucien Thibodeaux, broker-owner, Bayou Crest Realty, Lafayette Louisiana. 48 agents.",
            {
                "organization_name": "Bayou Crest Realty",
                "states_served": ["LA"],
                "team_size": 48,
                "admin_name": "Lucien Thibodeaux",
                "admin_role": "Broker-Owner",
            },
        ),
        (
            "hey, jen kim here, owner of Copper Kettle Homes out of Boise",
            {
                "organization_name": "Copper Kettle Homes",
                "states_served": ["ID"],
                "admin_name": "Jen Kim",
                "admin_role": "Owner",
            },
        ),
        (
            "I'm Grace Obi and I own Sunfield Realty in Chicago, its me and 2 agents",
            {
                "organization_name": "Sunfield Realty",
                "states_served": ["IL"],
                "team_size": 3,
                "admin_name": "Grace Obi",
                "admin_role": "Owner",
            },
        ),
        (
            "dale roper real estate, bozeman montana. just me",
            {"organization_name": FIRM, "states_served": ["MT"], "team_size": 1},
        ),
        (
            "cedar creek realty knoxville tn, 8 agents",
            {"organization_name": "Cedar Creek Realty", "states_served": ["TN"], "team_size": 8},
        ),
        ("sandhill realty, omaha", {"organization_name": "Sandhill Realty", "states_served": ["NE"]}),
    ],
)
def test_all_of_one_breath_is_kept(said: str, values: dict[str, Any]) -> None:
    assert heard("organization_name", said) == values


@pytest.mark.parametrize(
    ("slot", "said", "values"),
    [
        (
            "states_served",
            "arizona. the name is Saguaro Sky Realty",
            {"states_served": ["AZ"], "organization_name": "Saguaro Sky Realty"},
        ),
        ("states_served", "mostly around Phoenix", {"states_served": ["AZ"]}),
        ("states_served", "portland", {}),
        (
            "admin_name",
            "dale roper. its my name on the door, owner broker",
            {"admin_name": "Dale Roper", "admin_role": "Broker Owner", "authority": True},
        ),
        (
            "admin_role",
            "Broker-owner, as I said. And yes I have the authority.",
            {"admin_role": "Broker-Owner", "authority": True},
        ),
        (
            "admin_role",
            "broker is my dad, im the marketing coordinator",
            {"admin_role": "Marketing Coordinator"},
        ),
        ("admin_role", "own it", {"admin_role": "Owner"}),
        ("admin_name", "Hank Sage (broker/owner)", {"admin_name": "Hank Sage", "admin_role": "Broker Owner"}),
        ("authority", "rick is the broker, he said go ahead", {"authority": True}),
        ("team_size", "me and my brother own it, it's 11 agents", {"team_size": 11}),
        ("team_size", "me and my brother", {"team_size": 2}),
    ],
)
def test_told_beside_what_was_asked(slot: str, said: str, values: dict[str, Any]) -> None:
    assert heard(slot, said) == values


@pytest.mark.parametrize(
    ("said", "known", "values"),
    [
        ("Yes. And Michigan, like I said.", {"states_served": ["OH"]}, {"states_served": ["OH", "MI"]}),
        ("right. and a little in Indiana", {"states_served": ["OH"]}, {"states_served": ["OH", "IN"]}),
        ("yes but I only work in Indiana", {"states_served": ["OH"]}, {"states_served": ["IN"]}),
        ("yes. not Michigan, just Ohio", {"states_served": ["OH", "MI"]}, {"states_served": ["OH"]}),
        ("yes, one agent left so 11", {"team_size": 12}, {"team_size": 11}),
        ("yes. make that 11", {"team_size": 12}, {"team_size": 11}),
        ("Yep. Actually it's 11 now, Stan retired.", {"team_size": 12}, {"team_size": 11}),
        ("Sure, my brother and me own it. Did you get that it's 11?", {"team_size": 12}, {"team_size": 11}),
        (
            "It's Reid with an i, not e",
            {"admin_name": {"first": "Dana", "last": "Reed", "display": "Dana Reed", "spelled": False}},
            {"admin_name": "Dana Reid"},
        ),
        ("yes, it's on", {"team_size": 12}, {}),
        ("correct. two more agents start monday", {"team_size": 12}, {}),
        ("there's eight agents, no sorry nine", {"team_size": 12}, {"team_size": 9}),
        ("yes. we dropped Virginia actually", {"states_served": ["TN", "VA"]}, {"states_served": ["TN"]}),
        ("yes and it's TN and VA", {"states_served": ["TN"]}, {"states_served": ["TN", "VA"]}),
        (
            "ok. btw its Dale & Roper Real Estate, not Dale Roper Real Estate",
            {},
            {"organization_name": "Dale & Roper Real Estate"},
        ),
        ("Yes. Lucien Thibodeaux is me.", {}, {"admin_name": "Lucien Thibodeaux"}),
    ],
)
def test_a_correction_wins_and_an_addition_adds(
    said: str, known: dict[str, Any], values: dict[str, Any]
) -> None:
    assert heard("timezone", said, "offer", **known) == values


@pytest.mark.parametrize(
    ("said", "states"),
    [
        ("we're in Omaha", ["NE"]),
        ("I run a small office in Spokane called Cedar & Stone with four agents", ["WA"]),
        ("out of saint louis, four of us", ["MO"]),
        ("Springfield and Portland", []),
        ("I'm Austin Reed", []),
        ("Dallas Homes", []),
        ("my mobile, please", []),
    ],
)
def test_a_city_tells_its_state_where_it_is_plain(said: str, states: list[str]) -> None:
    assert [code for place in find_cities(said) for code in place.codes] == states
