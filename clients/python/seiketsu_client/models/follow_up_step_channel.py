from typing import Literal

FollowUpStepChannel = Literal['call', 'email', 'sms']

FOLLOW_UP_STEP_CHANNEL_VALUES: set[FollowUpStepChannel] = { 'call', 'email', 'sms',  }

def check_follow_up_step_channel(value: str) -> FollowUpStepChannel:
    if value in FOLLOW_UP_STEP_CHANNEL_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {FOLLOW_UP_STEP_CHANNEL_VALUES!r}")
