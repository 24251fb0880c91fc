"""Losses: what a raw prediction z costs when the truth is y."""
