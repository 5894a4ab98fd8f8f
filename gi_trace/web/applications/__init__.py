"""What the three faces share of applications for the mark: forms, their page, and papers as downloads."""
