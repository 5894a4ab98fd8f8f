"""The roll of mark users as an Excel file: its columns, its check, what it would change, and taking it over."""
