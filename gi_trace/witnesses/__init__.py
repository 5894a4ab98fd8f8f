"""Who watches the record, and whose records we watch."""
