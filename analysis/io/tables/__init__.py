"""Rows of tables in any container, and which of their columns are what."""
