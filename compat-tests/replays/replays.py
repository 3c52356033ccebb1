"""The steps of compat-tests/replays.txt: what clients that cannot be installed everywhere send, and what they read of the answers.

Started by run.sh, which gives the COMPAT_ variables. Needs nothing but Python. Commands are our own, as an image may hold no more than
a shell; requests have the members that the client gives them. The steps run in the order of these modules.
"""

import airflow, metaflow, workflows, tools  # noqa: E401, F401 - a module adds its steps when it is imported

from checks import run

run()
