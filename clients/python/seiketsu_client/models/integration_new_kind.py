from typing import Literal

IntegrationNewKind = Literal['calendar', 'crm', 'lead_source', 'webhook']

INTEGRATION_NEW_KIND_VALUES: set[IntegrationNewKind] = { 'calendar', 'crm', 'lead_source', 'webhook',  }

def check_integration_new_kind(value: str) -> IntegrationNewKind:
    if value in INTEGRATION_NEW_KIND_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {INTEGRATION_NEW_KIND_VALUES!r}")
