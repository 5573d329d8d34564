"""Turns as OpenTelemetry spans, sent to a collector that is a real HTTP server."""

from __future__ import annotations

import gzip
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from uuid import UUID

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from agent.latency import Latency, TurnRecord
from agent.ports import LiveCall
from web.traces import Traces

CALL = LiveCall(UUID("01a20197-e125-719e-ba85-960fa3091f72"), UUID(int=7))


def test_a_turn_is_a_trace_of_its_causes() -> None:
    got: list[bytes] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        traces = Traces.to(f"http://127.0.0.1:{server.server_port}/v1/traces")
        split = Latency(endpointing_ms=300, brain_ms=50, tts_ms=20, total_ms=370)
        record = TurnRecord(2, "hear", "my name is Emily", ("Thanks, Emily.",), latency=split, confidence=0.8)
        traces.note_turn(CALL, record)
        traces.note_fault(CALL, "silent_voice")
        traces.close()
    finally:
        server.shutdown()
    request = ExportTraceServiceRequest()
    for body in got:
        request.MergeFromString(body)
    spans = [s for r in request.resource_spans for scope in r.scope_spans for s in scope.spans]
    assert {s.trace_id for s in spans} == {CALL.id.bytes}, "one trace, named after the call"
    by_name = {s.name: s for s in spans}
    assert set(by_name) == {"turn", "endpointing", "brain", "tts", "fault silent_voice"}
    turn, brain = by_name["turn"], by_name["brain"]
    assert turn.end_time_unix_nano - turn.start_time_unix_nano == 370_000_000
    assert brain.parent_span_id == turn.span_id
    assert brain.start_time_unix_nano - turn.start_time_unix_nano == 300_000_000
    assert b"Emily" not in request.SerializeToString(), "no words in a trace"
