"""What a written report claims."""
