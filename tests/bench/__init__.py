"""What the product is measured by: `scripts/bench`, and what it simulates."""
