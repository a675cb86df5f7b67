"""Where requests and commands come in."""
