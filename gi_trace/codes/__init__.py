"""Pure: unit codes, Digital Link addresses, QR symbols, label sheets. Knows neither Flask nor database."""
