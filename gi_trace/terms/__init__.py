"""The working calendar, and the legal terms that are counted by it."""
