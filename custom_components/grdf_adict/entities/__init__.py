"""Descriptions of entities, and the entities."""
