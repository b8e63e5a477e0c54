"""Real clients, run against the index through a proxy that records what they ask for."""
