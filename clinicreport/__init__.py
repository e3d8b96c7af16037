"""clinicreport: from a pain clinic's session spreadsheets to a formatted outcome report.

The path is the program::

    spreadsheet -> log -> findings -> outcomes -> workbook -> mail

:func:`clinicreport.path.report` walks it. Its steps are the rooms of this package, from the ground up:

=============  ===================================================================================
``ground``     errors, strict TOML, packaged files, rounding
``reading``    any workbook or text file as sheets of raw cells; no meaning yet
``protocol``   the clinic's limits and rules as data
``log``        fields, headings, layout, typed cells, courses; findings as values
``settings``   ``clinic.toml``, options, what is in force
``rules``      one function a rule: findings, each on its cell
``outcomes``   each course's outcome, figures of the clinic and of many, evidence
``workbook``   the kit of every workbook
``books``      one folder a workbook
``editing``    a clinic's own workbook changed in place
``mail``       a message
``folder``     the clinic folder: inbox, archive, ledger, the report of each month, outbox
``commands``   the command line
=============  ===================================================================================

What a word means stands in ``docs/glossary.md``. Heavy packages are imported where they are
used, so that ``clinicreport --help`` answers at once.
"""

__version__ = "0.1.0"
