"""The papers that a case is made of: templates as data, filled from what is known, drawn as PDF and DOCX."""
