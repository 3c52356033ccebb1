"""The steps of compat-tests/replays.txt: requests of clients that cannot be installed everywhere, and the members of answers that
they read. Started by run.sh, which gives the COMPAT_ variables; needs nothing but Python.

A request has exactly the members that its client sends. Names and commands are our own, since the image may hold nothing but a shell.
"""

# A module adds its steps when it is imported: they run in this order, on one queue that the first of them creates and the last deletes.
import airflow  # noqa: F401
import metaflow  # noqa: F401
import workflows  # noqa: F401
import tools  # noqa: F401

from checks import run

run()
