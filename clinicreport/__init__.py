"""clinicreport: from a pain clinic's session spreadsheets to a formatted outcome report.

The path is the program::

    spreadsheet -> sessions -> findings -> outcomes -> workbook -> mail

=================  ==========================================================================
``spreadsheet``    any workbook or CSV file as sheets of raw cells; no meaning yet
``sessions``       heading row, columns, typed cells: one frame, a row a visit
``courses``        which visits belong to one course of treatment, and its weeks
``rules``          the clinic's protocol over the frame: findings, each on its cell
``outcomes``       pain reduction of each course, figures of the clinic
``report``         the workbook
``analysis``       the path in one function, :func:`clinicreport.outcomes.analysis.analyse`
``month``          the clinic folder: inbox, archive, ledger, the report of each month
``mail``           drafts and messages, and the gate before them
``network``        many clinics in one report
=================  ==========================================================================

What a word means stands in ``docs/glossary.md``. Heavy packages are imported where they are
used, so that ``clinicreport --help`` answers at once.
"""

__version__ = "0.1.0"
