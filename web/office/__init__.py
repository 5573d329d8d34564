"""The office's own nouns of the API: what the agent knows, agendas and appointments, who has a lead."""
