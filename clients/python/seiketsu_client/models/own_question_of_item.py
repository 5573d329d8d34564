from typing import Literal

OwnQuestionOfItem = Literal['buyer', 'investor', 'renter', 'seller']

OWN_QUESTION_OF_ITEM_VALUES: set[OwnQuestionOfItem] = { 'buyer', 'investor', 'renter', 'seller',  }

def check_own_question_of_item(value: str) -> OwnQuestionOfItem:
    if value in OWN_QUESTION_OF_ITEM_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {OWN_QUESTION_OF_ITEM_VALUES!r}")
