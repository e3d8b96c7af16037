"""Learning a clinic's own spreadsheet: what its columns look like, and what that may mean.

=================== ============================================================================
``column_looks``    what stands in one column: numbers, dates, ids, words; how many of each
``candidates``      the sheets' tables as they would be learnt: heading row, columns, their looks
``proposals``       lines for ``clinic.toml`` with the reason for each, and questions
``question_words``  questions that several of them ask
``typed_answers``   what a person types instead of choosing
=================== ============================================================================
"""
