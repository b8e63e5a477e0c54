"""The suite's own tests: checks pass against a right server, and fail against wrong ones."""
