"""Stock: plots, harvests, lots and the double-entry ledger of their grams."""
