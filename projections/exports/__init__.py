"""What leaves the ledger for analysts: frames and files, each true to one position."""
