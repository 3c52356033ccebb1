"""What the replays have in common: the queue that they use, what their jobs do, and what is read of a job and of its output."""

import os

from checks import equal, until
from wire import ACCOUNT, REGION, Refused, batch, control, logs

NAME = os.environ["COMPAT_NAME"]
EXECUTOR = os.environ["COMPAT_EXECUTOR"]
IMAGE = os.environ["COMPAT_IMAGE"]
ARN = f"arn:aws:batch:{REGION}:{ACCOUNT}"
ENVIRONMENT = f"{NAME}-environment"
ENVIRONMENT_ARN = f"{ARN}:compute-environment/{ENVIRONMENT}"
QUEUE = f"{NAME}-queue"
QUEUE_ARN = f"{ARN}:job-queue/{QUEUE}"
MAX_VCPUS = 256
ROLE = f"arn:aws:iam::{ACCOUNT}:role/jobs"
ENDED = "SUCCEEDED", "FAILED"
# A shell that is process 1 of a container ignores SIGTERM unless it traps it.
ENDLESS = 'trap "exit 143" TERM; sleep 300 & wait'
_outcomes = []


def resources(vcpus="1", memory="64"):
    return [{"type": "VCPU", "value": vcpus}, {"type": "MEMORY", "value": memory}]


def simulate(job, **outcome):
    """What a job of this name does where jobs are simulated: elsewhere its command does it. The request stays as it is."""
    if EXECUTOR == "simulated":
        index = {"arrayIndex": outcome.pop("index")} if "index" in outcome else {}
        _outcomes.append({"match": {"jobName": job, **index}, **outcome})
        control("outcomes", {"rules": _outcomes})


def describe(job):
    """The only job that an id, or an ARN, stands for."""
    found = batch("DescribeJobs", {"jobs": [job]})["jobs"]
    equal(len(found), 1, f"number of jobs {job}")
    return found[0]


def wait_for(job, *wanted):
    def probe():
        # A node cannot be described before there is one: clients ask again.
        for detail in batch("DescribeJobs", {"jobs": [job]})["jobs"]:
            if detail["status"] in wanted:
                return detail
            assert detail["status"] not in ENDED, f"job is {detail['status']}: {detail.get('statusReason')}, {detail.get('container')}"
        return None
    return until(f"job is {' or '.join(wanted)}", probe)


def read_log(stream, group="/aws/batch/job", **members):
    """The lines of a stream, page after page, until the token of the next page stays the same."""
    lines, token = [], {}
    while True:
        page = logs("GetLogEvents", {"logGroupName": group, "logStreamName": stream, "startFromHead": True, **members, **token})
        lines += [event["message"] for event in page["events"]]
        assert all(isinstance(event["timestamp"], int) for event in page["events"]), page["events"]
        if token.get("nextToken") == page["nextForwardToken"]:
            return lines
        token = {"nextToken": page["nextForwardToken"]}


def expect_log(expected, stream, group="/aws/batch/job", **members):
    """The stream must hold these lines; the last of them may be on their way when the job has ended."""
    def probe():
        try:
            return read_log(stream, group, **members) == expected
        except Refused as error:
            equal(error.code, "ResourceNotFoundException", "code")
            return False
    try:
        until("log has its lines", probe)
    except AssertionError:
        equal(read_log(stream, group, **members), expected, f"log of {stream}")
        raise


def is_settled(operation, names, members):
    """Whether what is named is VALID, and nothing of it is INVALID: what waiters look for."""
    found = {detail["status"] for detail in batch(operation, names)[members]}
    assert not found & {"INVALID", "DELETED"}, found
    return found == {"VALID"}
