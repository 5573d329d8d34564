from typing import Literal

AnswerNewLanguage = Literal['en', 'es']

ANSWER_NEW_LANGUAGE_VALUES: set[AnswerNewLanguage] = { 'en', 'es',  }

def check_answer_new_language(value: str) -> AnswerNewLanguage:
    if value in ANSWER_NEW_LANGUAGE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {ANSWER_NEW_LANGUAGE_VALUES!r}")
