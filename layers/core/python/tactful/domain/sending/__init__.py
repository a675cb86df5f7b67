"""What concerns all accounts at once: what is stopped, how fast it may go, whether a run is too large. Pure."""
