"""The repairs that follow from the condition of meters and rights."""
