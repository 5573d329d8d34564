"""The form engine: (definition, state, what was heard) -> (new state, next acts). Pure."""
