"""The kit of every workbook: theme, canvas, page, table, chart, cards, words, rows, output."""
