"""What is remembered: filings, attempts, events, receipts and the exact bytes, in one database."""
