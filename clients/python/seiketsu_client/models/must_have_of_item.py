from typing import Literal

MustHaveOfItem = Literal['buyer', 'investor', 'renter', 'seller']

MUST_HAVE_OF_ITEM_VALUES: set[MustHaveOfItem] = { 'buyer', 'investor', 'renter', 'seller',  }

def check_must_have_of_item(value: str) -> MustHaveOfItem:
    if value in MUST_HAVE_OF_ITEM_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {MUST_HAVE_OF_ITEM_VALUES!r}")
