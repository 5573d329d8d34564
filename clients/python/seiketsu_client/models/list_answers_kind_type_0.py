from typing import Literal

ListAnswersKindType0 = Literal['area', 'faq', 'office']

LIST_ANSWERS_KIND_TYPE_0_VALUES: set[ListAnswersKindType0] = { 'area', 'faq', 'office',  }

def check_list_answers_kind_type_0(value: str) -> ListAnswersKindType0:
    if value in LIST_ANSWERS_KIND_TYPE_0_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIST_ANSWERS_KIND_TYPE_0_VALUES!r}")
