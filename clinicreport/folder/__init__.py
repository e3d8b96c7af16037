"""The month of a clinic folder: what is dropped into the inbox becomes reports and messages.

The path, each step recorded in the ledger only after its files are whole on the disk::

    inbox -> received -> archived (or rejected) -> reported -> planned -> drafted, or queued -> sent

===================  ========================================================================
``places``           the paths of a clinic folder, and the blank one that ``init`` makes,
                     with its ``launchers``
``lock``             one program at a time;  ``clock``: the time of day
``private``          for the owner alone;  ``doctor``: what is wrong around the folder;
                     ``windows_rights``: who else may open it there
``whole_files``      bytes on the disk: whole or not at all, never over something else;
                     ``text_table``: tables that Excel opens
``guards``           one bad file, month or message stops nothing else
``held_places``        what is open elsewhere is passed over, and named at the end
``steps``            named points between the steps, at which tests stop the program
``ledger``           the SQLite file, and all SQL;  ``ledger_rows``: what it gives
``open_folder``      what the steps share;  ``logfile``: what the program did, without names
``inbox``            what lies there, what has settled, what is still open elsewhere;
                     ``long_paths`` that Windows does not find
``intake``           one file's way: ``receiving``, then ``archiving``, or ``rejection`` to
                     ``rejected/``
``looked_at``        copies that somebody looks at on the page, for a week at most
``clearing``         takes an original away once its content is kept
``ahead``            files with rows in the future, looked at again on another day
``doubtful_clock``   a clock that cannot be right: one that is behind stops the work
``examine``          what a file holds: usable rows, months;  ``overlap``: beside another log;
                     ``visits_in_force``: whose visits it may repeat, of all logs in force
``corrections``      a log that may correct one in force is held until a person says what it is
``archive_index``    what came when, for people and the rebuild;  ``logs_in_force``: the newest
                     version of each, which every command takes a clinic folder for
``month_reports``    the report of every month that changed, as a ``month`` with its
                     ``month_figures``;  ``known_books``: what archived logs gave before;
                     ``changes``: what new versions of logs changed;
                     ``beside``: what lies beside a report;  ``month_again``: one computed once
                     more, to be shown
``staleness``          what was made before settings, protocol or recipients changed
``gate``             error findings hold mail back until they are acknowledged;
                     ``acknowledging`` writes such a line;
                     ``known_findings``: what is known of each over the months
``foreign_report``   a report that was made elsewhere and is to be mailed
``shared_again``     versions for sharing that differ by few patients from those given
``nameless_logs``    a therapist's report without the names of files
``shared_memory``    what is remembered of these: in the ledger, or in a file beside logs
``roles``            who gets what: the one place that decides
``outbox``           what is to be sent: ``announcing`` plans it, ``composing`` writes it,
                     ``put_aside`` clears away what was overtaken or sent;  ``hold_reasons``:
                     why a report may not be mailed;  ``message_state``: one message;
                     ``message_words``: the same for people, with the way out
``postman``          sends what waits, with growing pauses
``mailbox_drafts``     puts drafts into the mailbox, each once
``mailing``          a report mailed by hand: shown first, drafted, sent, asked about;
                     ``mail_preview``: to the letter;  ``attachment_password`` set on the desk
``foreseen``         what a run would do, without doing it
``rounds``           all of it once, and again and again;  ``recover``: what a run does first
``folder_status``    what came, failed and waits;  ``status_page``: the same for a browser
``rebuild``          the ledger from the archive alone
``purging``          the one thing that deletes, with ``patients_rows``, ``forget``,
                     ``purged_names`` and ``purge_places``: copies that the ledger does not list
===================  ========================================================================

No patient's name or id ever stands in a subject, a file name or the log.
"""
