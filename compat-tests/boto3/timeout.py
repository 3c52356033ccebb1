"""A timeout, which takes a minute at least: its job is submitted by spot.py, long before it is looked at."""

import spot
from checks import equal, step
from client import EXECUTOR, wait_for


@step("timeout: ends a job that is retried for lost hosts only")
def _():
    if EXECUTOR == "simulated":
        spot.control("clock", {"advance": "1m"})
    job = wait_for(spot.timed, "FAILED")
    equal(job["statusReason"], "Job attempt duration exceeded timeout")
    equal([attempt["statusReason"] for attempt in job["attempts"]], ["Job attempt duration exceeded timeout"])
