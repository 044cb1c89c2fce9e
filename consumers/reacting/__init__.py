"""The reactor: what follows by itself from what was recorded, each thing once."""
