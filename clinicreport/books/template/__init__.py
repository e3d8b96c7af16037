"""The blank session log for data entry."""
