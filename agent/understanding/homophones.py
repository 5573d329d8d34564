"""Which words beside letters are letters themselves: "be", "are", "to", "oh", "Mike"."""

from __future__ import annotations

from agent.understanding.tokens import Token


def settle(tokens: list[Token], spelled: bool) -> None:
    """Decide, run by run, which homophones are letters or digits and which are words."""
    begin = 0
    for i in range(len(tokens) + 1):
        if i == len(tokens) or tokens[i].kind in ("word", "caps") or tokens[i].char == "@":
            if i > begin:
                everything = spelled and all(t.kind != "word" for t in tokens)
                _settle_run(tokens[begin:i], everything, last=i == len(tokens) or tokens[i].char == "@")
            begin = i + 1


def _settle_run(run: list[Token], everything: bool, last: bool) -> None:
    radio = sum(t.kind == "radio" for t in run)
    strong = sum(t.kind == "letter" for t in run)
    spoken = [t for t in run if t.kind != "symbol"]
    is_radio = radio >= 3 or (radio >= 2 and strong >= 1) or (radio >= 1 and strong >= 3)
    for token in run:
        if token.kind == "radio":
            token.kind = "letter" if is_radio else "word"
            token.sure = is_radio
    sure = {i for i, t in enumerate(spoken) if t.kind in ("letter", "digit")}
    letters = sum(t.kind == "letter" for t in spoken)
    singles = all(len(t.text) == 1 for t in spoken)
    everything = everything or (singles and len(spoken) >= 3)
    only_weak = everything and (singles or len(spoken) >= 3) and all(t.kind != "word" for t in spoken)
    changed = True
    while changed:  # certainty spreads from letter to neighbouring homophone
        changed = False
        for i, token in enumerate(spoken):
            beside = (i - 1 in sure) or (i + 1 in sure)
            if i in sure or not (beside or only_weak):
                continue
            between = letters >= 3 and i - 1 in sure and i + 1 in sure
            if (token.kind == "weak" and (letters or everything)) or (token.kind == "rare" and between):
                token.kind = "letter"
            elif token.kind == "maybe_digit" and (i - 1 in sure or i == 0) and (i + 1 < len(spoken) or last):
                token.kind = "digit"
            else:
                continue
            sure.add(i)
            changed = True
    for i, token in enumerate(run):
        if token.kind == "maybe_digit" and last and i == len(run) - 1 and i and run[i - 1].kind == "symbol":
            token.kind = "digit"
    for i, token in enumerate(spoken):
        if token.kind in ("weak", "rare", "maybe_digit"):
            token.kind = "word"
        before = spoken[i - 1].kind if i else ""
        after = spoken[i + 1].kind if i + 1 < len(spoken) else ""
        digits_around = {before, after} <= {"digit", ""} and "digit" in (before, after)
        if token.kind == "letter" and token.char == "o" and not token.sure and digits_around:
            token.kind, token.char = "digit", "0"
        elif token.kind == "digit" and token.low in ("oh", "o") and not digits_around:
            token.kind, token.char = "letter", "o"
