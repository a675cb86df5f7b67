"""Understanding what clients answer."""
