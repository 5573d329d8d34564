"""Durable and recurring work: what must happen although nobody waits for it."""
