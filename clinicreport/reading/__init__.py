"""Reading a spreadsheet safely: bytes in, a :class:`clinicreport.reading.spreadsheet.Spreadsheet` out.

The path of one file::

    files -> isolation -> worker -> sniff -> guard -> ooxml, xlsb, ods, xls or text_files -> grid

==============  ============================================================================
what comes out  ``spreadsheet``: sheets, columns, cells; ``grid`` makes columns of rows
the parent      ``files`` in their order; ``isolation``, child processes with a time limit, on
                Windows in a ``job_object``; ``exchange``, what both sides know
the child       ``worker``, one request after another; ``sniff`` what a file is, by its content;
                ``guard``, a look at an archive before any parser; ``password``
the parser      ``parsed``: its values of a sheet, corrected by what was seen; of a large one in
                ``pieces``
what it does    ``exact_cells`` looks at a sheet (``sheetxml`` slower and thorough), ``seen`` holds
not tell        it; ``cellstyle``, ``symbol_fonts``, ``richtext``, ``links``, ``errortexts``
xlsx, xlsm      ``ooxml``, ``ooxml_styles``; ``plain_workbook``, what the parser gets;
                ``xmlparts``
xlsb            ``xlsb``, ``binary_links``
ods             ``ods``, ``odsvalues``, ``ods_styles``
xls             ``xls``, ``xls_records``, ``xls_texts``, in the container ``ole``
text            ``text_files``, ``encodings``, ``code_pages``, ``records``; ``other_texts`` that
                are no table
==============  ============================================================================

Nothing here follows a link, runs a macro or writes a file, and nothing but the child process
ever parses what a file holds.
"""

from __future__ import annotations


class RefusedError(Exception):
    """A file that is not read; the message is a plain sentence without the file's name.

    ``rule``: the rule of the finding, where it is another than ``unreadable-file``.
    """

    kind = ""  # what a page has to know to offer a way out

    def __init__(self, sentence: str, rule: str = "") -> None:
        super().__init__(sentence)
        self.rule = rule


class LockedError(RefusedError):
    """It needs a password, or another one."""

    kind = "locked"


class NoSpreadsheetError(RefusedError):
    """It is something else: a letter, a picture, an archive."""

    kind = "no-spreadsheet"
