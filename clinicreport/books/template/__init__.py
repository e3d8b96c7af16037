"""The blank session log for data entry.

=================  ===================================================================
``entry_columns``  how each field is typed: heading, format, drop-down, limit, message
``instructions``   what the log says about how it is filled in
``blank_log``      the workbook's bytes
=================  ===================================================================
"""
