"""One module a sheet; each has one function ``write(book)``."""
