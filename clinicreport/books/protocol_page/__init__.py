"""The protocol in force as a page: on the terminal, as JSON, as a workbook or HTML to print.

=====================  =============================================
``page_content``       what stands on the page, in order, as words
``found``              what each rule found in the given logs
``plain_page``         the page on a terminal
``html_page``          one self-contained HTML file, for the printer
``protocol_workbook``  an .xlsx with the same, for the printer
=====================  =============================================
"""
