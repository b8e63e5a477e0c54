"""One test per requirement, named by its id in the catalogue."""
