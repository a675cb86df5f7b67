"""The book: money, invoices, customers, what was agreed with them and every contact made."""
