"""What stands on both sides of the conversation: on what was heard, and on what will be said."""
