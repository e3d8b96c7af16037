"""The month of a clinic folder: what is dropped into the inbox becomes reports and messages.

The path, each step recorded in the ledger only after its files are whole on the disk::

    inbox -> received -> archived (or rejected) -> reported -> queued -> sent

===============  ============================================================================
``folder``       the places of a clinic folder, and the blank one that ``init`` makes
``lock``         one program at a time
``files``        bytes on the disk: whole or not at all, flushed, never over something else
``steps``        named points between the steps, at which tests stop the program
``ledger``       the SQLite file: schema, migrations, history;  ``records``: its rows
``inbox``        what lies there, what has settled, what is still open elsewhere
``intake``       one file's way into the archive or to ``rejected/``
``examine``      what a file holds: usable rows, months
``reports``      the report of every month that changed, from what is ``computed``;
                 ``changes``: what is different;  ``beside``: what lies beside it
``gate``         error findings hold mail back until they are acknowledged
``run``          all of it once, and again and again
``status``       what came, failed and waits;  ``status_page``: the same for a browser
``rebuild``      the ledger from the archive alone;  ``purge``: the one thing that deletes
===============  ============================================================================
"""
