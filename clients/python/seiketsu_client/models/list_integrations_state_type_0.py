from typing import Literal

ListIntegrationsStateType0 = Literal['chosen', 'connected', 'failed', 'pending_link']

LIST_INTEGRATIONS_STATE_TYPE_0_VALUES: set[ListIntegrationsStateType0] = { 'chosen', 'connected', 'failed', 'pending_link',  }

def check_list_integrations_state_type_0(value: str) -> ListIntegrationsStateType0:
    if value in LIST_INTEGRATIONS_STATE_TYPE_0_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIST_INTEGRATIONS_STATE_TYPE_0_VALUES!r}")
