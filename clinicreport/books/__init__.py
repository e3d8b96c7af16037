"""One folder a workbook: finished figures in, an .xlsx (or the JSON) out.

==================  ================================================
``report``          the clinic's report
``patient``         one patient on one page
``share``           the version that may leave the clinic
``network``         one report for several clinics
``network_share``   its version that may leave
``template``        the blank session log
``protocol_page``   the protocol in force, to print
``analysis_book``   what the books about one clinic's analysis share
``json_report``     the report as JSON
``earlier_report``  an earlier report's JSON, looked over before use
``moved_headings``  headings that an earlier report knew and that are gone
``restatement``     what differs from an earlier report, and why
==================  ================================================

All of them draw on :mod:`clinicreport.workbook`.
"""
