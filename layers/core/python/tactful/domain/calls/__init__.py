"""Calls to clients: what a caller is told, and what follows from what was said."""
