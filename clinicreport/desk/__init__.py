"""The clinic's page on its own computer, for people without a terminal.

It has no logic of its own: figures, findings and sentences come from the functions that the command
line calls. A request's way::

    server -> door -> app -> a page's routes -> its model -> templates/desk

==================  =======================================================================
``start``           one start, from its socket to its end;  ``desk_state``: what it knows, which
                    routes find by ``desk_here``
``running``         the word it leaves for a second start;  ``one_time_keys`` to come in by
``own_socket``      on this computer alone;  ``server``: a limit before bytes are kept
``door``            who may come in, before any page is looked for
``app``             the pages together;  ``trouble``: what they say when something is amiss
``upload``          a dropped file's bytes on their way;  ``kept``: the files looked at
``jobs``            long work in one thread;  ``work_routes``: how far it is, what it did
``runs``            runs of the folder, for what is used or answered for
``open_routes``     coming in and going;  ``start_routes``: which folder, by ``clinic_choice``
``month_routes``    the month, from ``month_page``;  ``opener``: a report in its own program
``held_routes``     what differs in a held log, from ``held_page``
``answers_routes``  what is open about a report, from ``answers_page``, and who answers for it, by
                    ``finding_answers``;  ``prepared``: a page that takes a moment to make
``mail_routes``     who gets what, from ``mail_page``; drafted, or sent on a yes;
                    ``mail_password_routes``: a password for what leaves encrypted
``shared_routes``   a version for sharing
``button_words``    sentences of the command line with the page's buttons in the commands' place
``kept_routes``     a file dropped, used, thrown away
``look_routes``     what was found in it, from ``look_model`` (read and checked), ``look_sheets``
                    (as they stand) and ``look_page`` (two hundred rows)
``ask_routes``      the questions of ``fit`` about it, from ``ask_model``, and the fields of its
                    headings, from ``headings_model``;  ``log_place``: where its log stands
``figures_routes``  a month's figures and one patient, from ``figures_model``
``shortcut``        the icon on the desktop
``settings_routes``  the settings as forms, from ``settings_model`` (read and written),
                    ``settings_pages`` (their fields, by ``settings_remarks``) and
                    ``settings_faults``
==================  =======================================================================
"""
