"""The kit of every workbook: what a book draws on, and how figures become cells and words.

=================  ==========================================================================
``theme``          fonts, colours and named styles, from ``templates/theme.toml``
``styles``         these styles as formats of one workbook, each made once
``canvas``         the workbook under construction: sheets, charts, tables; its bytes
``page``           one sheet under construction: how a value becomes a cell; how it is printed
``table``          a placed table, which answers where its cells are
``column_names``   a table's columns in formulas: defined names, which every program knows
``chart``          native charts in the theme's look
``cards``          figures to read at arm's length, and the band with the caveat
``terms``          terms and their meaning, for sheets that explain
``shapes``         a chart as one list of shapes, for what cannot hold a native one
``shapes_png``     these as a picture
``shapes_svg``     these as text, for a page
``word_document``  a letter of Word in the theme's look
``logo``           the clinic's picture
``words``          codes in plain words
``life_words``     what became of findings, in words
``first_visits``     a log as it would be read, in a few lines
``percents``       how many decimals keep a percentage on its side of 30 and 50
``shown_text``       a cell's value as text, as its style shows it
``cell_text``      text as a cell or a footer can hold it
``whole_rows``     XlsxWriter with a quicker way for the cells of tables
``row_blocks``     these cells as text, made when they are written
``formula_column`` a column of formulas as one
``package_parts``  the parts of the file, each packed as it is written
``packed_text``    text that is compressed in a thread, rows of long sheets before the rest
``output``         bytes to a file, whole or not at all
=================  ==========================================================================
"""
