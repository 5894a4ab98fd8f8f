"""Excel files of land that offices send: plots, and what they may yield."""
