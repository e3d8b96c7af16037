"""What became of the patients: outcomes of each course, figures of the clinic."""
