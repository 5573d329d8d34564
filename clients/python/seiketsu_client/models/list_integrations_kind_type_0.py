from typing import Literal

ListIntegrationsKindType0 = Literal['calendar', 'crm', 'lead_source', 'webhook']

LIST_INTEGRATIONS_KIND_TYPE_0_VALUES: set[ListIntegrationsKindType0] = { 'calendar', 'crm', 'lead_source', 'webhook',  }

def check_list_integrations_kind_type_0(value: str) -> ListIntegrationsKindType0:
    if value in LIST_INTEGRATIONS_KIND_TYPE_0_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIST_INTEGRATIONS_KIND_TYPE_0_VALUES!r}")
