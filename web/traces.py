"""Traces of calls for OpenTelemetry (the ``otel`` extra): one trace a call, one span a turn, one a cause.

The trace's id is the call's id, so a call that goes on in another process stays one trace. Spans hold
timings and names, never words.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from agent.latency import TurnRecord
from agent.ports import LiveCall
from core.errors import StartupError

PARTS = ("endpointing_ms", "stt_ms", "brain_ms", "tool_ms", "tts_ms", "transport_ms")


class Traces:
    """Turns finished exchanges into spans. ``exporter`` is an OpenTelemetry SpanExporter."""

    def __init__(self, exporter: Any, *, now: Callable[[], int] = time.time_ns):
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        self._provider = TracerProvider(resource=Resource.create({"service.name": "seiketsu"}))
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("seiketsu")
        self._now = now

    @classmethod
    def to(cls, url: str) -> Traces:
        """Export to an OTLP/HTTP collector. StartupError without the ``otel`` extra."""
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        except ImportError:
            raise StartupError("SEIKETSU_OTLP_URL needs the otel extra: uv sync --extra otel") from None
        return cls(OTLPSpanExporter(endpoint=url))

    def note_turn(self, call: LiveCall, record: TurnRecord) -> None:
        """One span for the exchange and one for each cause of its latency, end to end."""
        end = self._now()
        start = end - round(record.latency.total_ms * 1e6)
        attributes = {
            "call.id": str(call.id),
            "tenant.id": str(call.tenant_id),
            "turn.number": record.number,
            "turn.kind": record.kind,
            "turn.step": record.step,
            **{f"turn.{name}": value for name, value in record.signals().items() if name != "kind"},
        }
        span = self._tracer.start_span(
            "turn", context=self._context(call), start_time=start, attributes=attributes
        )
        at, inside = start, self._inside(span)
        for part in PARTS:
            took = round(getattr(record.latency, part) * 1e6)
            if took > 0:
                child = self._tracer.start_span(part.removesuffix("_ms"), context=inside, start_time=at)
                child.end(at + took)
                at += took
        for run in record.tools:
            span.add_event(f"tool {run.name}", {"status": run.status, "ms": round(run.ms, 1)})
        span.end(end)

    def note_fault(self, call: LiveCall, kind: str) -> None:
        """A span without length that names what went wrong."""
        span = self._tracer.start_span(f"fault {kind}", context=self._context(call))
        span.end()

    def close(self) -> None:
        """Send what is waiting. Blocking, bounded by the exporter's timeout."""
        self._provider.shutdown()

    @staticmethod
    def _context(call: LiveCall) -> Any:
        from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context

        parent = SpanContext(
            trace_id=call.id.int,
            span_id=(call.id.int & ((1 << 64) - 1)) or 1,
            is_remote=True,
            trace_flags=TraceFlags(TraceFlags.SAMPLED),
        )
        return set_span_in_context(NonRecordingSpan(parent))

    @staticmethod
    def _inside(span: Any) -> Any:
        from opentelemetry.trace import set_span_in_context

        return set_span_in_context(span)
