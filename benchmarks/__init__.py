"""Speed beside the peers: one registry, one runner, every contestant in one process."""
