from typing import Literal

WayViewChannel = Literal['chat', 'email', 'phone']

WAY_VIEW_CHANNEL_VALUES: set[WayViewChannel] = { 'chat', 'email', 'phone',  }

def check_way_view_channel(value: str) -> WayViewChannel:
    if value in WAY_VIEW_CHANNEL_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {WAY_VIEW_CHANNEL_VALUES!r}")
