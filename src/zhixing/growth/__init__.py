"""Trees: bins, histograms, growth, and trees kept as arrays."""
