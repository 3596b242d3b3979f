"""What access rights allow, and what is wrong with them."""
