"""What one officer proposes and another confirms."""
