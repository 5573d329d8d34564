from typing import Literal

CallbackActAct = Literal['cancelled', 'claim', 'done', 'missed', 'release']

CALLBACK_ACT_ACT_VALUES: set[CallbackActAct] = { 'cancelled', 'claim', 'done', 'missed', 'release',  }

def check_callback_act_act(value: str) -> CallbackActAct:
    if value in CALLBACK_ACT_ACT_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {CALLBACK_ACT_ACT_VALUES!r}")
