"""The sheets of the network's report, one module each."""

from clinicreport.network.sheets import casemix, clinics, files, overview, points, reading

__all__ = ["casemix", "clinics", "files", "overview", "points", "reading"]
