from typing import Literal

PreviewOpeningChannel = Literal['chat', 'voice']

PREVIEW_OPENING_CHANNEL_VALUES: set[PreviewOpeningChannel] = { 'chat', 'voice',  }

def check_preview_opening_channel(value: str) -> PreviewOpeningChannel:
    if value in PREVIEW_OPENING_CHANNEL_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {PREVIEW_OPENING_CHANNEL_VALUES!r}")
