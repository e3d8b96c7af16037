"""The report: an :class:`~clinicreport.outcomes.analysis.Analysis` in, a formatted .xlsx out.

======================  ====================================================================
``report_workbook``     the report as a whole: its sheets in order
``report_book``         what the sheets share: the canvas and the patients
``sheets``              one module a sheet
``panels``              the pictures of the Charts sheet, each with the table of its numbers
``headline_figures``    the headline figures: formula, value, interval, what they are out of
``interval_formulas``   their intervals as formulas
``beside_lines``        what stands beside them, in words
``verdict_lines``       the verdict on top of the first page, in sentences
``headline_cards``      its four cards
``first_lines``         its lines: what to do today, what the figures rest on
``first_charts``        its two charts
``first_shapes``        its charts and the months as lists of shapes
``first_page``          all of it as texts and shapes, for a page that is no workbook
``front_pages``         the charts printed behind the first page
``chart_findings``      what each chart shows, in words
``tasks``               what is to be done now
``chosen_patient``      the patient chosen on the Patient sheet
``chosen_points``       the points and lines of that patient's chart
``ordered_visits``      the visits in order, and what each counts as
``roster``              the patients in order, and the visits their figures come from
``patient_formulas``    the formulas of a patient's row
``score_rows``          which visits may hold a patient's scores
``score_cells``         baseline and latest score as formulas that find their own cell
``edited_mark``         whether the Sessions sheet is as made
``once_edited``         sentences that follow only in part, and then say so
``evidence_sentences``  what a claim's check found, in words
``score_taking_block``  how scores are taken: notes on *Adherence and safety*
``finding_lines``       what became of findings: parts of *Findings*
``size_limits``         what a large report leaves out
======================  ====================================================================

Nothing is computed while writing: every cell holds a finished figure, most of them with the Excel
formula that gives the same one, so that the report follows a corrected score.
"""
