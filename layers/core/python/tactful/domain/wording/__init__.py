"""What a client must never read, and what every message must say."""
