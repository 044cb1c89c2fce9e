"""Notifying: people are told of what happened by itself, each thing once."""
