from typing import Literal

IntegrationKind = Literal['calendar', 'crm', 'lead_source', 'webhook']

INTEGRATION_KIND_VALUES: set[IntegrationKind] = { 'calendar', 'crm', 'lead_source', 'webhook',  }

def check_integration_kind(value: str) -> IntegrationKind:
    if value in INTEGRATION_KIND_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {INTEGRATION_KIND_VALUES!r}")
