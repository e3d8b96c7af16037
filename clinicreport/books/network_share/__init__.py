"""The network's version that may leave: clinics and strata large enough, and what hides the rest.

==========================  ====================================================================
``network_share_counts``    what is counted of each clinic, of all, and which counts add up
``network_share_figures``   the figures that may be shown; nothing of a clinic that is too small
``network_version``         one version: its counts, its workbook, what it tells of whom
``network_share_workbook``  the workbook: Network, Clinics, Case mix, Method
==========================  ====================================================================

No file, no sheet, no clinic that is too small is named.
"""
