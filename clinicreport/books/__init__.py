"""One folder a workbook: finished figures in, an .xlsx (or the JSON) out."""
