"""Reading what the accounting product exports: bytes to rows to invoices and customers. No I/O of its own."""
