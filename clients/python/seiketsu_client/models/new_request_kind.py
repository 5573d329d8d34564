from typing import Literal

NewRequestKind = Literal['access', 'deletion']

NEW_REQUEST_KIND_VALUES: set[NewRequestKind] = { 'access', 'deletion',  }

def check_new_request_kind(value: str) -> NewRequestKind:
    if value in NEW_REQUEST_KIND_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {NEW_REQUEST_KIND_VALUES!r}")
