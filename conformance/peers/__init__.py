"""Starts index servers with the suite's corpus, and compares what the suite says of them."""
