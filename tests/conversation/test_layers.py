"""The layers a conversation is built of are those its docstring shows, in that order."""

from __future__ import annotations

import re

from agent.conversation import Conversation


def test_the_docstring_shows_the_layers_in_order() -> None:
    shown = re.findall(r"^ *- (\w+): \S", Conversation.__doc__ or "", re.MULTILINE)
    assert shown == [layer.__name__ for layer in Conversation.__mro__[1:-1]]


def test_every_layer_has_a_module_of_its_own_and_one_layer_below_it() -> None:
    layers = Conversation.__mro__[:-1]
    assert len({layer.__module__ for layer in layers}) == len(layers)
    assert all(len(layer.__bases__) == 1 for layer in layers)
