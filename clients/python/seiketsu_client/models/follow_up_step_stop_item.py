from typing import Literal

FollowUpStepStopItem = Literal['appointment', 'opt_out', 'reply']

FOLLOW_UP_STEP_STOP_ITEM_VALUES: set[FollowUpStepStopItem] = { 'appointment', 'opt_out', 'reply',  }

def check_follow_up_step_stop_item(value: str) -> FollowUpStepStopItem:
    if value in FOLLOW_UP_STEP_STOP_ITEM_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {FOLLOW_UP_STEP_STOP_ITEM_VALUES!r}")
