"""Acts on stock. Each loads, locks, checks, writes, records and commits once."""
