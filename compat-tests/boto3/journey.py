"""The journey of compat-tests/journey.txt with boto3. Started by run.sh, which gives the COMPAT_ variables."""

# A module adds its steps when it is imported: they run in this order, on resources that the first of them creates and the last deletes.
import creation  # noqa: F401
import runs  # noqa: F401
import spot  # noqa: F401
import refusals  # noqa: F401
import listing  # noqa: F401
import pipeline  # noqa: F401
import fair_share  # noqa: F401
import timeout  # noqa: F401
import deletion  # noqa: F401

from checks import run

run()
