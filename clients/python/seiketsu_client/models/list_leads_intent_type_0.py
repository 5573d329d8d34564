from typing import Literal

ListLeadsIntentType0 = Literal['buyer', 'investor', 'other', 'renter', 'seller']

LIST_LEADS_INTENT_TYPE_0_VALUES: set[ListLeadsIntentType0] = { 'buyer', 'investor', 'other', 'renter', 'seller',  }

def check_list_leads_intent_type_0(value: str) -> ListLeadsIntentType0:
    if value in LIST_LEADS_INTENT_TYPE_0_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIST_LEADS_INTENT_TYPE_0_VALUES!r}")
