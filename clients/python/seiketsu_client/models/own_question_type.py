from typing import Literal

OwnQuestionType = Literal['choice', 'number', 'text', 'yes_no']

OWN_QUESTION_TYPE_VALUES: set[OwnQuestionType] = { 'choice', 'number', 'text', 'yes_no',  }

def check_own_question_type(value: str) -> OwnQuestionType:
    if value in OWN_QUESTION_TYPE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {OWN_QUESTION_TYPE_VALUES!r}")
