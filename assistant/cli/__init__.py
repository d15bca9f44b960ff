"""The command line. Commands are loaded when called, so that `iiam --help` answers at once."""
