"""What stands below every room: errors with their exit status, packaged files, strict TOML, names."""
