from typing import Literal

OpeningChannel = Literal['chat', 'voice']

OPENING_CHANNEL_VALUES: set[OpeningChannel] = { 'chat', 'voice',  }

def check_opening_channel(value: str) -> OpeningChannel:
    if value in OPENING_CHANNEL_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {OPENING_CHANNEL_VALUES!r}")
