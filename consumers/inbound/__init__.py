"""What other systems send: read, put into our words, decided, answered once."""
