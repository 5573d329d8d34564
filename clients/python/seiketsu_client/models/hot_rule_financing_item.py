from typing import Literal

HotRuleFinancingItem = Literal['cash', 'declined', 'not_yet', 'preapproved', 'talking']

HOT_RULE_FINANCING_ITEM_VALUES: set[HotRuleFinancingItem] = { 'cash', 'declined', 'not_yet', 'preapproved', 'talking',  }

def check_hot_rule_financing_item(value: str) -> HotRuleFinancingItem:
    if value in HOT_RULE_FINANCING_ITEM_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {HOT_RULE_FINANCING_ITEM_VALUES!r}")
