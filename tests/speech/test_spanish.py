"""Spanish as it is said: numbers, its sounds, what is made first, and what is kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from agent.speech.kokoro import _pieces, spanish_sounds
from agent.speech.spanish_aloud import speakable_es
from agent.speech.spanish_names import runs
from agent.speech.spanish_numbers import number_words, spelled_out
from agent.speech.spanish_voice import SpanishVoice, pieces
from agent.speech.voice import Voice
from flows.languages import localized
from flows.loader import load_all
from prompts import phrases


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("303 555 0177", "tres cero tres, cinco cinco cinco, cero uno siete siete"),
        ("+1 303-555-0177", "tres cero tres, cinco cinco cinco, cero uno siete siete"),
        ("3035550177", "tres cero tres, cinco cinco cinco, cero uno siete siete"),
        ("hasta 450,000", "hasta cuatrocientos cincuenta mil"),
        ("$1.800 al mes", "mil ochocientos dólares al mes"),
        ("12 Cherry Lane", "doce Cherry Lane"),
        ("1.5 baños", "uno punto cinco baños"),
    ],
)
def test_numbers_are_said(written: str, said: str) -> None:
    assert spelled_out(written) == said


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "cero"), (16, "dieciséis"), (31, "treinta y uno"), (100, "cien"), (101, "ciento uno"),
        (555, "quinientos cincuenta y cinco"), (1000, "mil"), (21_000, "veintiún mil"),
        (31_001, "treinta y un mil uno"), (1_000_000, "un millón"),
        (2_500_000, "dos millones quinientos mil"),
    ],
)  # fmt: skip
def test_words_of_a_number(number: int, words: str) -> None:
    assert number_words(number) == words


def test_the_sounds_are_in_the_model_s_alphabet() -> None:
    sounds = spanish_sounds("¿Habla español? Mil ochocientos, y un perro.")
    assert len(sounds) == 2 and "ʧ" in sounds[1] and "rr" not in sounds[1] and "ɲ" in sounds[0]


def test_long_sentences_are_cut_at_a_pause() -> None:
    pieces = _pieces("ab cd, " * 60)
    assert all(len(piece) <= 200 for piece in pieces) and len(pieces) >= 3
    assert "".join(pieces).replace(" ", "") == ("ab cd, " * 60).replace(" ", "")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("hasta $450,000.", "hasta cuatrocientos cincuenta mil dólares."),
        ("$1,800/mes", "mil ochocientos dólares al mes"),
        ("$1,250.50", "mil doscientos cincuenta dólares con cincuenta centavos"),
        ("$1.2M", "un millón doscientos mil dólares"),
        ("$2,000,000", "dos millones de dólares"),
        ("$1", "un dólar"),
        ("el martes 24 de noviembre a las 2:30 de la tarde",
         "el martes veinticuatro de noviembre a las dos y media de la tarde"),
        ("el 1 de mayo a las 14:45", "el primero de mayo a las dos y cuarenta y cinco de la tarde"),
        ("mañana a la 1 de la tarde", "mañana a la una de la tarde"),
        ("a las 9:15 AM.", "a las nueve y cuarto de la mañana."),
        ("(303) 555-0142", "tres cero tres, cinco cinco cinco, cero uno cuatro dos"),
        ("+13035550142", "tres cero tres, cinco cinco cinco, cero uno cuatro dos"),
        ("12 Main St, Denver, CO 80202", "doce Main Street, Denver, Colorado ocho cero dos cero dos"),
        ("Su número de caso es S-1042.", "Su número de caso es ese, uno cero cuatro dos."),
        ("María López, L-O-P-E-Z", "María López, ele, o, pe, e, zeta"),
        ("ana.v@gmail.com", "ana punto v arroba gmail punto com"),
        ("1 recámara, 21 casas y 1 baño", "una recámara, veintiuna casas y un baño"),
        ("200 casas a 500 pies", "doscientas casas a quinientos pies"),
        ("2.5 baños", "dos baños y medio"),
        ("termina en 0 1 4 2", "termina en cero uno cuatro dos"),
        ("6% al año", "seis por ciento al año"),
        ("El Sr. Gómez & hijos", "El señor Gómez y hijos"),
        ("¿En qué zonas busco?", "¿En qué zonas busco?"),
    ],
)  # fmt: skip
def test_written_spanish_is_said_without_a_digit(written: str, said: str) -> None:
    assert speakable_es(written) == said
    assert speakable_es(said) == said, "what can be said already stays"


def test_every_spanish_sentence_of_the_product_can_be_said() -> None:
    flow = localized(load_all(Path(__file__).parents[2] / "flows")["lead"], "es")
    asks = [text for slot in flow.slots.values() for text in (slot.ask.voice, *slot.ask.again)]
    fixed = [text for key in phrases.keys("es") for text in phrases.variants(key, "voice", "es")]
    for text in (*asks, *fixed):
        assert not any(c.isdigit() for c in speakable_es(text)), text


def test_a_long_sentence_begins_to_be_heard_before_all_of_it_is_made() -> None:
    text = (
        "Gracias por llamar. Soy Alex, un asistente de inteligencia artificial, y esta llamada se graba. ¿Sí?"
    )
    cut = pieces(text)
    assert cut == [
        "Gracias por llamar.",
        "Soy Alex, un asistente de inteligencia artificial,",
        "y esta llamada se graba.",
        "¿Sí?",
    ]
    assert " ".join(cut) == text, "no word is lost"
    asked = "¿En qué le puedo ayudar: comprar, vender, rentar u otra cosa?"
    assert pieces(asked) == ["¿En qué le puedo ayudar:", "comprar, vender, rentar u otra cosa?"]
    assert pieces("Claro, con gusto.") == ["Claro, con gusto."], "a short one sounds better whole"
    assert pieces("") == [] and len(pieces("una palabra tras otra " * 9)) == 1


class Slow:
    """A Spanish engine that is asked, and says nothing."""

    def __init__(self, folder: Path):
        self.asked: list[str] = []
        self.voice = SpanishVoice(folder, lambda: None)  # type: ignore[arg-type, return-value]
        self.voice._engine = self  # type: ignore[assignment]

    def speak(self, text: str, speaker: str, speed: float) -> np.ndarray:
        self.asked.append(text)
        return np.sin(np.arange(2400) / 5).astype(np.float32)


async def test_what_recurs_is_kept_for_the_next_process_and_what_a_caller_said_is_not(tmp_path: Path) -> None:
    first = Slow(tmp_path)
    voice = Voice(spanish=first.voice)
    assert await voice.prime(["Con gusto."], rate=8000, voice="dora") == 1
    heard = [pcm async for pcm in voice.speak("Con gusto. Gracias, Marisol.", rate=8000, voice="dora")]
    assert first.asked == ["Con gusto.", "Gracias, Marisol."] and len(heard) == 2
    voice.close()
    second = Slow(tmp_path)
    voice = Voice(spanish=second.voice)
    again = [pcm async for pcm in voice.speak("Con gusto. Gracias, Marisol.", rate=8000, voice="dora")]
    assert second.asked == ["Gracias, Marisol."] and again == heard
    voice.close()


async def test_english_does_not_wait_for_spanish(tmp_path: Path) -> None:
    """The slow engine works on a thread of its own."""
    slow = Slow(tmp_path)
    voice = Voice(workers=1, spanish=slow.voice)
    assert voice._pool_of("dora") is slow.voice.pool and voice._pool_of("heart") is voice._pool
    with pytest.raises(ValueError, match="dora"):
        await Voice().sentence("Hola.", rate=8000, voice="dora")
    with pytest.raises(ValueError, match="no embedded voice"):
        await voice.sentence("Hola.", rate=8000, voice="nobody")
    voice.close()


@pytest.mark.parametrize(
    ("sentence", "english"),
    [
        ("Busco en Lakewood o en Aurora.", ["Lakewood"]),
        ("Gracias por llamar a Summit Realty.", ["Summit Realty"]),
        ("Un agente de Acme Real Estate le llama.", ["Acme Real Estate"]),
        ("Lee Park está libre.", ["Lee Park"]),
        ("ana arroba gmail punto com", ["gmail"]),
        ("quinientos doce Main Street, Denver, Colorado", ["Main Street"]),
        ("María Castillo y José Martínez viven en La Villita.", []),
        ("Queda su cita el lunes con Dora Ruiz. Es todo.", []),
        ("¿En qué zonas busco?", []),
    ],
)
def test_english_names_are_found_in_spanish(sentence: str, english: list[str]) -> None:
    found = runs(sentence)
    assert [words for words, foreign in found if foreign] == english
    assert "".join(words for words, _ in found) == sentence, "nothing is lost"


def test_english_names_are_read_by_english_rules() -> None:
    def english(words: str) -> list[str]:
        return [f"<{words}>"]

    (sounds,) = spanish_sounds("Busco en Lakewood, y en Oak Park.", english)
    assert sounds == "bˈusko en <Lakewood>, i en <Oak Park>."
    assert spanish_sounds("Muy bien, gracias.", english) == spanish_sounds("Muy bien, gracias.")
