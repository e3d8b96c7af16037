"""The protocol in force as a page: on the terminal, as JSON, as a workbook or HTML to print.

===============  ==================================================================
``content``      what stands on the page, in order, as words
``found``        what each rule found in the given logs
``text``         the page on a terminal
``html``         one self-contained HTML file, for the printer
``workbook``     an .xlsx with the same, for the printer
===============  ==================================================================
"""
