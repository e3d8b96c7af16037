"""Reading a spreadsheet safely: bytes in, :class:`clinicreport.reading.spreadsheet.Book` out.

The path of one file::

    isolation -> worker -> sniff -> guard -> look -> ooxml, ods, xls, xlsb or text -> grid

==============  ============================================================================
``book``        what comes out: sheets, columns, cells
``isolation``   the parent's side: child processes, their time limit, files in input order
``worker``      the child's side: memory limit, one request after another
``sniff``       what a file is, by its content and never by its name
``guard``       a look at the zip archive before any parser sees it
``look``        what the parser does not tell of a sheet: error cells, formulas, hidden rows;
                ``seen`` holds it; ``sheetxml`` is the slower, thorough look
``ooxml``       xlsx, xlsm and their templates; ``plain_workbook`` writes what the parser gets
``xlsb``        binary workbooks
``ods``         OpenDocument spreadsheets; ``odsvalues`` their cells
``xls``         workbooks of Excel 97 to 2003; ``xls_records`` are their records, whole or not
``ole``         the container of those and of encrypted workbooks
``parsed``      the parser's values of a sheet, corrected by the look
``text_files``  CSV and its relatives; ``encodings`` what their bytes mean, ``code_pages`` a guess
                of it, ``other_texts`` texts that are no table, ``records`` how lines are cut
``password``    encrypted workbooks
``grid``        rows of values to columns of distinct values and codes
==============  ============================================================================

Nothing here follows a link, runs a macro or writes a file, and nothing but the child process
ever parses what a file holds.
"""

from __future__ import annotations


class RefusedError(Exception):
    """A file that is not read; the message is a plain sentence without the file's name.

    ``rule``: the rule of the finding, where it is another than ``unreadable-file``.
    """

    def __init__(self, sentence: str, rule: str = "") -> None:
        super().__init__(sentence)
        self.rule = rule
