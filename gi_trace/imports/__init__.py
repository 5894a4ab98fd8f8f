"""What offices bring in many at once: kept as sent, read in the background, looked at, taken over whole."""
