"""The clinic's page on its own computer, for people without a terminal.

It has no logic of its own: figures, findings and sentences come from the functions that the command
line calls.
"""
