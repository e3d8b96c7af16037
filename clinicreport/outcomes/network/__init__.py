"""A network of clinics: one report with a row a clinic, and each clinic's own beside it.

=============  =========================================================================
``units``      what a clinic is: a folder, a clinic folder, or a column of one log
``clinic``     one unit read, checked and added up, in whatever process
``aggregate``  what a clinic is reduced to: whole numbers and fractions that merge exactly
``gather``     all units through an Executor, in order; their reports put in place
``figures``    the figures of a clinic, a stratum or the network, from the sums
``funnel``     which rates chance alone would explain
``result``     the network's figures, finished, and their JSON
``sheets``     the sheets of the report, which share a ``book``; ``workbook``: all of them
=============  =========================================================================

Nobody ever holds all visits: a unit's rows stay in the process that read them, and what comes
back is some hundred numbers a clinic, whose sums are the same in whatever order they are made.
"""
