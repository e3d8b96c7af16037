"""The sheets of the network's report, one module each."""
