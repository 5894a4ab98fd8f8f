"""The decisions of the stock ledger: pure functions over integer grams and Shanghai days."""
