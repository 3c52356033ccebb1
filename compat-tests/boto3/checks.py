"""What the steps of a journey are made of: their report to run.sh, comparisons, waiting, and the server's events."""

import json
import os
import sys
import time
import traceback

DEADLINE_SECONDS = 60
steps = []


def step(name):
    def add(function):
        steps.append((name, function))
        return function
    return add


def equal(actual, expected, what="value"):
    assert actual == expected, f"{what} is {actual!r}, expected {expected!r}"


def same_members(value, expected, what):
    actual = set(value)
    assert actual == expected, f"{what}: missing {sorted(expected - actual)}, not expected {sorted(actual - expected)}"


def until(what, probe, pause=0.1):
    """Asks until the answer is true; what it was. The pause between two questions is in seconds."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while True:
        answer = probe()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"not within {DEADLINE_SECONDS} s: {what}"
        time.sleep(pause)


def statuses(arn):
    """The statuses that the event stream has told of a resource, in order, each once per change."""
    found = []
    with open(os.environ["COMPAT_EVENTS"], encoding="utf-8") as events:
        for line in events:
            # The last line may not have arrived yet.
            if line.startswith("data: ") and line.endswith("\n") and arn in line:
                event = json.loads(line[6:])
                status = event["detail"].get("status")
                if event["resources"] == [arn] and found[-1:] != [status]:
                    found.append(status)
    return found


def run():
    """Runs every step, reports each by its name, and ends the program."""
    failed = False
    for name, function in steps:
        try:
            function()
            print(f"ok {name}", flush=True)
        except Exception as error:
            failed = True
            print(f"FAILED {name}: {' '.join(str(error).split()) or type(error).__name__}", flush=True)
            traceback.print_exc()
    sys.exit(1 if failed else 0)
