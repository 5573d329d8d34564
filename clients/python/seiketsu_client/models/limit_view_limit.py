from typing import Literal

LimitViewLimit = Literal['api_calls', 'integrations', 'storage_gb', 'users', 'voice_minutes']

LIMIT_VIEW_LIMIT_VALUES: set[LimitViewLimit] = { 'api_calls', 'integrations', 'storage_gb', 'users', 'voice_minutes',  }

def check_limit_view_limit(value: str) -> LimitViewLimit:
    if value in LIMIT_VIEW_LIMIT_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIMIT_VIEW_LIMIT_VALUES!r}")
