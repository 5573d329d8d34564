"""The few sentences the line itself says, when the conversation cannot."""

from __future__ import annotations

from dataclasses import dataclass

from flows.languages import ENGLISH


@dataclass(frozen=True, slots=True)
class Phrase:
    """An utterance of the line."""

    text: str
    key: str
    interruptible: bool = True
    language: str = ENGLISH

    @property
    def spoken(self) -> str:
        """Said as written."""
        return self.text


MOMENT = Phrase("One moment.", "line.moment")
STILL_WORKING = Phrase("This is taking longer than it should. Please stay with me.", "line.still_working")
NOT_CAUGHT = Phrase(
    "Sorry, something went wrong on my side. Could you say that once more?", "line.not_caught"
)
GIVING_UP = Phrase(
    "I'm sorry, I can't go on right now. Everything you told me is saved. Please call back in a few minutes.",
    "line.giving_up",
    interruptible=False,
)
DEAF = Phrase(
    "I'm sorry, I can't hear you properly on this line. Everything you told me is saved.",
    "line.deaf",
    interruptible=False,
)
ONE_MINUTE = Phrase(
    "We have about a minute left on this call. Everything is saved, and you can call back to go on.",
    "line.one_minute",
)
TIME_IS_UP = Phrase(
    "Our time on this call is up. Everything is saved. Please call back to go on from here. Goodbye.",
    "line.time_is_up",
    interruptible=False,
)
NOBODY_THERE = Phrase(
    "I'm sorry, nobody could take the call just now. They will call you back.", "line.nobody_there"
)

ALL = (MOMENT, STILL_WORKING, NOT_CAUGHT, GIVING_UP, DEAF, ONE_MINUTE, TIME_IS_UP, NOBODY_THERE)
"""For warming the voice."""

_SPANISH = {
    MOMENT.key: "Un momento.",
    STILL_WORKING.key: "Esto tarda más de lo normal. Por favor, no cuelgue.",
    NOT_CAUGHT.key: "Perdón, algo falló de mi lado. ¿Me lo puede repetir?",
    GIVING_UP.key: "Lo siento, ahora no puedo continuar. Todo lo que me dijo está guardado. Por favor, llame"
    " de nuevo en unos minutos.",
    DEAF.key: "Lo siento, no le escucho bien en esta línea. Todo lo que me dijo está guardado.",
    ONE_MINUTE.key: "Nos queda como un minuto en esta llamada. Todo está guardado, y puede volver a llamar"
    " para continuar.",
    TIME_IS_UP.key: "Se acabó el tiempo de esta llamada. Todo está guardado. Vuelva a llamar para continuar."
    " Adiós.",
    NOBODY_THERE.key: "Lo siento, nadie pudo tomar la llamada en este momento. Le van a llamar.",
}


def spoken_in(language: str) -> tuple[Phrase, ...]:
    """All of them in that language; in English where nobody wrote them (C47)."""
    if language != "es":
        return ALL
    return tuple(Phrase(_SPANISH[p.key], p.key, p.interruptible, language) for p in ALL)
