"""``python -m clinicreport``: the same as the ``clinicreport`` command."""

from clinicreport.cli import main

main(prog_name="clinicreport")
