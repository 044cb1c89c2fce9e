"""Verdicts: what a regulation makes of facts, under any version; nothing is recorded."""
