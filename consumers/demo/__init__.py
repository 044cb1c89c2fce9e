"""A small plant that does not exist, so that a newcomer sees a ledger with a history."""
