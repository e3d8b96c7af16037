"""One report for several clinics: a row each, and a funnel.

=====================  ===========================================================
``network_workbook``   the report as a whole: its sheets in order
``network_book``       what the sheets share: the canvas and the network's figures
``network_words``      words and columns that several sheets use
``overview_sheet``     Network
``clinics_sheet``      Clinics
``casemix_sheet``      Case mix
``points_sheet``       Funnel: what the chart of the first sheet draws
``files_sheet``        Files
``how_to_read_sheet``  How to read
``network_json``       the same as JSON
=====================  ===========================================================
"""
