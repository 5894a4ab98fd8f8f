"""Finding anything by any number on it: one box on every page of staff."""
