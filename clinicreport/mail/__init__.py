"""A message: its words, its login, its way to a server. It knows no clinic folder.

=============  ==============================================================================
``headline``   the figures of a message in words
``body``       the words and the little chart of a message
``compose``    a whole message, or a draft that a person sends
``note``       a short draft without figures
``encrypt``    a workbook that needs a password;  ``passwords``: secrets from files and the
               environment
``conversation``  with a server, whatever it speaks: its end, TLS, login, errors without secrets
``smtp``       one connection, one message to one recipient;  ``login``: password or token
``mailbox``    a draft put into a mailbox over IMAP
``reaching``   what every way to a server shares: its end, certificates, this computer's name
``secrets_hidden``  passwords and tokens blanked out of what a server says
``refusals``   what a server's refusal means and what to do
=============  ==============================================================================

What is sent to whom, and when, is decided in :mod:`clinicreport.folder` (``roles``, ``outbox``,
``postman``).
"""
