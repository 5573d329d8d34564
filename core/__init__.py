"""What everything stands on: settings, errors, clock, ids, logs. Imports nothing of ours."""
