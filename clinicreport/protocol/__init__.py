"""The clinic's limits and rules as data, with their words and sources."""
