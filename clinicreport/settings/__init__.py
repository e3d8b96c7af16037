"""What is in force: ``clinic.toml``, the options, the period, one :class:`~.request.Request`."""
