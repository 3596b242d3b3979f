"""Access rights: what they allow, who holds a PCE."""
