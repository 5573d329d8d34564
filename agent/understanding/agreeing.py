"""After a read-back or an offer: yes, no, no with the right value, or the right value alone."""

from __future__ import annotations

import re
from dataclasses import replace

from agent import acts
from agent.acts import Event, brings_value
from agent.form import order
from agent.understanding.answering import answering
from agent.understanding.changes import CHANGE, change_wanted, changed_to, slot_named
from agent.understanding.fixes import fixes_in, is_fix
from agent.understanding.polarity import split_polarity
from agent.understanding.remains import ABOUT_CONTACT, without_person
from agent.understanding.view import View
from agent.understanding.volunteered import volunteered

_EXCEPT = re.compile(r"^\W*(but|except|only|just|although|though|however|apart from)\b", re.I)
_BESIDES = re.compile(r"\b(?:same|also|as well|too|plus|in addition|on top)\b", re.I)
"""What is said adds to the offer ("same as most, but also Saturday 10 to 3")."""
_AS_GIVEN = re.compile(
    r"\b(?:the (?:one|way)|what|as|like|how) i(?:'ve| have)? (?:just )?(?:gave|given|typed|wrote|written|said|put|spelled|had|sent|entered)\b"
    r"|\b(?:mine|my (?:own|first|version|spelling)) (?:is|was) (?:right|correct|fine|good)\b",
    re.I,
)
"""What was given stands, whatever was asked about it."""
_NOTHING = re.compile(
    r"\b(nothing|none|neither|all (good|right|fine|correct)|they'?re (all )?(fine|right|correct)"
    r"|never ?mind|it'?s (fine|ok(ay)?|all right))\b",
    re.I,
)


def agreeing(text: str, view: View) -> list[Event]:
    """After a read-back: yes, no, no with the right value, or the right value alone."""
    waiting = view.state.awaiting
    names = list(waiting.slots)
    if waiting.kind == "summary":
        step = view.flow.step(waiting.step)
        names = order.members(view.flow, step, view.state)
    person_asked = bool(ABOUT_CONTACT & {view.flow.slots[n].type for n in names})
    if view.flow.on_end is not None and not person_asked and not (text := without_person(text, view)):
        return []  # "Nina Brooks": who they are is no yes, and no other wording
    sign, rest = split_polarity(text)
    if waiting.kind == "offer" and view.state.peek(names[0]).pending and _AS_GIVEN.search(text):
        return [acts.No()]  # "no, the one I gave is right", of what is doubted
    adds = sign == "yes" or _BESIDES.search(rest) is not None
    if adds and waiting.kind == "offer" and (changed := _offered_but(rest, view, names[0])):
        return [changed]
    if sign == "yes" and _EXCEPT.match(rest):
        # "yes, but my last name is Reid": the exception is what counts
        exception = _EXCEPT.sub("", rest).strip(" ,")
        put_right: list[Event] = [e for e in fixes_in(exception, view, names, said_no=True) if is_fix(e)]
        wish = change_wanted(exception, view)
        if put_right or wish is not None:
            return put_right or [wish or acts.No()]
    if sign == "yes":
        more = volunteered(rest, view, names) if len(rest.split()) > 2 else []
        return [acts.Yes(), *more]
    words = rest if sign == "no" else text
    if waiting.kind == "offer" and not view.state.peek(names[0]).pending:
        # offered instead of asked: anything but yes or no is the answer to the question itself
        more_than_no = any(c.isalnum() for c in words)
        answers: list[Event] = [
            e
            for e in (answering(words, view) if more_than_no else [])
            if not isinstance(e, acts.No | acts.Unclear)
        ]
        if not answers and sign == "no":
            # "no, first name Nora, last name Finn" puts right what came before, and answers nothing
            told = volunteered(text, view, names) if more_than_no else []
            answers = [e for e in told if brings_value(e) and view.state.peek(e.slot).counts] or [acts.No()]
        return answers
    fixes = fixes_in(words, view, names, said_no=sign == "no")
    if fixes:
        return fixes
    pointed = slot_named(words, view, names)
    if pointed is not None and (sign == "no" or waiting.kind == "summary" or CHANGE.search(text)):
        return [acts.Command("change", pointed)]
    others = volunteered(words, view, names)
    if sign == "no":
        return [acts.No(), *others]
    change = change_wanted(text, view)
    if change is not None:
        return [changed_to(change, text, view) or change]
    return others


def _offered_but(rest: str, view: View, name: str) -> Event | None:
    """ "Yes, but closed on Fridays", to hours that were offered: the offer with its exception."""
    offered = view.state.peek(name).offer
    if view.flow.slots[name].type != "weekly_hours" or offered is None or len(rest.split()) < 2:
        return None
    words = _EXCEPT.sub("", rest).strip(" ,")
    reading = view.type_of(name).repair(words, replace(view.context(name), current=offered))
    if reading is None or reading.value is None or reading.value == offered:
        return None
    return acts.Fix(name, reading)


def pointing(text: str, view: View) -> list[Event]:
    """After "which one is wrong?": a name, a correction, or "nothing, it's fine"."""
    names = list(view.state.awaiting.slots)
    if _NOTHING.search(text):
        return [acts.Command("repeat")] if not names else [acts.Yes()]
    fixes = fixes_in(text, view, names, said_no=True)
    named = slot_named(text, view, names) or slot_named(text, view, list(view.flow.slots))
    if named is not None:
        exact = [e for e in fixes if isinstance(e, acts.Fix) and e.slot == named]
        behind = re.split(r"[.:,;]\s+", text, maxsplit=1)[1:]  # "company name. North Loop Homes"
        reading = view.type_of(named).parse(behind[0], view.context(named)) if behind else None
        if reading is not None and reading.value is not None and not any(e.reading.value for e in exact):
            return [acts.Fix(named, reading)]
        return list(exact) or [acts.Command("change", named)]
    return fixes
