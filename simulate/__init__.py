"""The caller's side: a phone line that speaks Twilio's protocol, callers, suites, benchmarks, the demo."""
