"""Sheets in, the log out: headings, layout, typed cells, visits, courses, and findings as values."""
