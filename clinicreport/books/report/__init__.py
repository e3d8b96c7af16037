"""The workbook: an :class:`~clinicreport.outcomes.analysis.Analysis` in, a formatted .xlsx out.

=================  ==========================================================================
``workbook``       the report as a whole: its sheets in order
``theme``          fonts, colours and named styles, from ``templates/theme.toml``
``page``           one sheet under construction: how a value becomes a cell
``rows``           XlsxWriter with a quicker way for the cells of tables; ``parts``, for the file
``table``          a placed table, which answers where its cells are
``charts``         native charts in the theme's look
``visits``         the visits in order, and what each counts as
``roster``         the patients in order, and the visits their figures come from
``formulas``       the formulas of a patient's row
``figures``        the headline figures: formula, value, interval, what they are out of; the
                   four on top of the first page in ``cards``
``panels``         the pictures of the Charts sheet, each with the table of its numbers
``choice``         the patient chosen on the Patient sheet
``sheets``         one module a sheet
``logo``           the clinic's picture
``size``           what a large report leaves out
``output``         bytes to a file, whole or not at all
``words``          figures in plain words: the one place that rounds a number for show
=================  ==========================================================================

Nothing is computed while writing: every cell holds a finished figure, most of them with the Excel
formula that gives the same one, so that the report follows a corrected score.
"""
