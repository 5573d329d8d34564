from typing import Literal

IntegrationState = Literal['chosen', 'connected', 'failed', 'pending_link']

INTEGRATION_STATE_VALUES: set[IntegrationState] = { 'chosen', 'connected', 'failed', 'pending_link',  }

def check_integration_state(value: str) -> IntegrationState:
    if value in INTEGRATION_STATE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {INTEGRATION_STATE_VALUES!r}")
