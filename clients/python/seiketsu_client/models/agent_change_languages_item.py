from typing import Literal

AgentChangeLanguagesItem = Literal['en-US', 'es-US']

AGENT_CHANGE_LANGUAGES_ITEM_VALUES: set[AgentChangeLanguagesItem] = { 'en-US', 'es-US',  }

def check_agent_change_languages_item(value: str) -> AgentChangeLanguagesItem:
    if value in AGENT_CHANGE_LANGUAGES_ITEM_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {AGENT_CHANGE_LANGUAGES_ITEM_VALUES!r}")
