"""Sheets in, the log out: headings, layout, typed cells, visits, courses, and findings as values.

The path of one score, from a sheet to its visit::

    visits -> layout, wide_layout -> typed_columns -> cells -> table_findings -> session_log

================  ==============================================================================
the fields        ``fields``, each a ``field``, in ``units``; ``scales`` that a heading names
the headings      ``heading_rows``, ``headings``; ``heading_hints`` where one is missing;
                  ``chosen_headings`` of a marked copy; ``forms`` told by them
the tables        ``layout``, ``wide_layout``, ``merged_cells``, ``visit_rows``, ``summary_rows``,
                  ``text_records``; ``unread``, ``raw_columns``, ``raw_kinds`` for what is left over
the cells         ``typed_columns``, each distinct value read once by ``cells``; ``answer_words``,
                  ``attendance``, ``patient_ids``, ``people``, ``exact`` decimals
the days          ``dates``, ``date_orders``, ``date_texts``, ``date_columns``, ``months``,
                  ``yearless``, ``week_labels``, ``visit_days``, ``shifted_dates``
as declared       ``declared``, ``declared_columns``, ``declared_cells``, ``rescaled``,
                  ``filled_down``, ``paired_rows``; ``other_scale`` and ``not_read`` where nothing is;
                  ``to_declare``, the line that would help; ``read_as``, all of it in words
the findings      ``findings``, made by ``table_findings`` and ``reporter``; ``finding_ids``
what comes out    ``visits`` runs it all; ``session_log``, ``inputs``, ``register``;
                  ``visit_table`` in order, ``courses``; a ``book_log``, what one book gave, on a
                  ``watched_day``
``fit``           a clinic's own tables, learnt
================  ==============================================================================
"""
