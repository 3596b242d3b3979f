"""Faults as a home meets them: a real Home Assistant and its recorder."""
