"""The pure heart: what is owed, what was agreed, and what to do next. No I/O, no clock."""
