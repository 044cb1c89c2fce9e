"""Proof: that what is in the ledger is what was written, in the order it was written."""
