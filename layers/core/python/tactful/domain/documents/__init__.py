"""What is printed about an account: its ledger, its letters, and the file that is handed over."""
