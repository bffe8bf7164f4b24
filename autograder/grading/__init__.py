"""The pipeline from a submission to a record: scoring, the ledger, local slots, record files."""
