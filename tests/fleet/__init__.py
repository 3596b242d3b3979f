"""Tests of the fleet's floor: tables, jobs, templates, campaigns."""
