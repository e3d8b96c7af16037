"""Reports by mail: drafts that a person sends, or messages that a server takes.

=============  ==============================================================================
``roles``      who gets what: the one place that decides
``passwords``  secrets from files and the environment;  ``encrypt``: a workbook that needs one
``body``       the words and the little chart of a message
``compose``    a whole message, or a draft
``outbox``     what is to be sent, held back, drafted, waiting, sent: rows of the ledger
``smtp``       one connection, one message to one recipient;  ``login``: password or token
``refusals``   what a server's refusal means and what to do
``postman``    sends what waits, with growing pauses
=============  ==============================================================================

No patient's name or id ever stands in a subject, a file name or the log.
"""
