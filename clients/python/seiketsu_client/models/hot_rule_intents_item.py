from typing import Literal

HotRuleIntentsItem = Literal['buyer', 'investor', 'renter', 'seller']

HOT_RULE_INTENTS_ITEM_VALUES: set[HotRuleIntentsItem] = { 'buyer', 'investor', 'renter', 'seller',  }

def check_hot_rule_intents_item(value: str) -> HotRuleIntentsItem:
    if value in HOT_RULE_INTENTS_ITEM_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {HOT_RULE_INTENTS_ITEM_VALUES!r}")
