"""Applications for the mark: from the firm's papers to the day on which its right begins."""
