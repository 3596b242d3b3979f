"""What the gas days tell beyond their sums: comparisons, unusual days."""
