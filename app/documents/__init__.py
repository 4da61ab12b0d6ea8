"""The response models: what records, facts and sources look like as JSON."""
