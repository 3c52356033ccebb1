"""Names, jobs and logs that the replays share."""

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
# A Docker engine that itself runs in a container is often unable to start privileged ones.
PRIVILEGED = EXECUTOR != "docker"
# A shell that is process 1 of a container ignores SIGTERM unless it traps it.
ENDLESS = 'trap "exit 143" TERM; sleep 300 & wait'
_outcomes = []


def resources(vcpus="1", memory="64"):
    return [{"type": "VCPU", "value": vcpus}, {"type": "MEMORY", "value": memory}]


def simulate(job, **outcome):
    """Sets what jobs of this name do in the simulated executor; elsewhere their commands do it. The client's request stays as it is."""
    if EXECUTOR == "simulated":
        index = {"arrayIndex": outcome.pop("index")} if "index" in outcome else {}
        _outcomes.append({"match": {"jobName": job, **index}, **outcome})
        control("outcomes", {"rules": _outcomes})


def describe(job):
    """Describes the one job with this id or ARN."""
    found = batch("DescribeJobs", {"jobs": [job]})["jobs"]
    equal(len(found), 1, f"number of jobs {job}")
    return found[0]


def wait_for(job, *wanted):
    """Waits until a job has one of the wanted statuses and returns its description; fails if it ends otherwise."""
    def probe():
        # A node is described from its placement on: until then, clients get an empty answer and ask again.
        for detail in batch("DescribeJobs", {"jobs": [job]})["jobs"]:
            if detail["status"] in wanted:
                return detail
            assert detail["status"] not in ENDED, f"job is {detail['status']}: {detail.get('statusReason')}, {detail.get('container')}"
        return None
    return until(f"job is {' or '.join(wanted)}", probe)


def read_log(stream, group="/aws/batch/job", **members):
    """Reads the lines of a stream, page after page, until the token of the next page stays the same."""
    lines, token = [], {}
    while True:
        page = logs("GetLogEvents", {"logGroupName": group, "logStreamName": stream, "startFromHead": True, **members, **token})
        lines += [event["message"] for event in page["events"]]
        assert all(isinstance(event["timestamp"], int) for event in page["events"]), page["events"]
        if token.get("nextToken") == page["nextForwardToken"]:
            return lines
        token = {"nextToken": page["nextForwardToken"]}


def expect_log(expected, stream, group="/aws/batch/job", **members):
    """Waits until a stream holds exactly these lines: the last of them may arrive after the job has ended."""
    lines = []

    def probe():
        try:
            lines[:] = read_log(stream, group, **members)
        except Refused as refused:
            # Clients treat this one as missing output.
            equal(refused.code, "ResourceNotFoundException", "code")
        return lines == expected
    try:
        until("log has its lines", probe)
    except AssertionError:
        equal(lines, expected, f"log of {stream}")
        raise


def is_settled(operation, names, members):
    """Tells whether everything that is named is VALID, as waiters do; fails if anything is INVALID or DELETED."""
    found = {detail["status"] for detail in batch(operation, names)[members]}
    assert not found & {"INVALID", "DELETED"}, found
    return found == {"VALID"}


def set_up(environment, queue):
    """Creates a compute environment, given as its request, and a queue for it, and waits for both by name."""
    name = environment["computeEnvironmentName"]
    batch("CreateComputeEnvironment", environment)
    names = {"computeEnvironments": [name]}
    until(f"{name} is VALID", lambda: is_settled("DescribeComputeEnvironments", names, "computeEnvironments"))
    batch("CreateJobQueue", {
        "jobQueueName": queue, "priority": 5, "computeEnvironmentOrder": [{"computeEnvironment": name, "order": 0}]})
    until(f"{queue} is VALID", lambda: is_settled("DescribeJobQueues", {"jobQueues": [queue]}, "jobQueues"))


def take_down(environment, queue):
    """Disables and deletes a queue, and then its environment."""
    for kind, key, name in ("JobQueue", "jobQueue", queue), ("ComputeEnvironment", "computeEnvironment", environment):
        members = f"{key}s"
        batch(f"Update{kind}", {key: name, "state": "DISABLED"})
        until(f"{name} is VALID", lambda: is_settled(f"Describe{kind}s", {members: [name]}, members))
        batch(f"Delete{kind}", {key: name})
        until(f"{name} is gone", lambda: not batch(f"Describe{kind}s", {members: [name]})[members])
