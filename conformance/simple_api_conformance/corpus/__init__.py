"""A small set of distributions that shows most of what an index must tell clients."""
