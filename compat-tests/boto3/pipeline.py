"""Arrays and dependencies."""

import time

from checks import equal, step
from client import EXECUTOR, batch, describe, overrides, submit, wait_for


def children(array_id):
    """The children of an array that have succeeded, by index."""
    pages = batch.get_paginator("list_jobs").paginate(arrayJobId=array_id, jobStatus="SUCCEEDED")
    return {child["arrayProperties"]["index"]: child for page in pages for child in page["jobSummaryList"]}


@step("pipeline: an array, its pairs, and a job after them")
def _():
    size = 1000 if EXECUTOR == "simulated" else 50
    script = f'test "$AWS_BATCH_JOB_ARRAY_SIZE" = {size} && test "$AWS_BATCH_JOB_ARRAY_INDEX" -lt {size}'
    is_child = overrides({}, command=["sh", "-c", script])
    is_alone = overrides({}, command=["sh", "-c", 'test -z "$AWS_BATCH_JOB_ARRAY_INDEX"'])
    began = time.monotonic()
    first = submit("first", arrayProperties={"size": size}, containerOverrides=is_child)["jobId"]
    second = submit(
        "second", arrayProperties={"size": size}, containerOverrides=is_child, dependsOn=[{"jobId": first, "type": "N_TO_N"}])["jobId"]
    last = submit("last", containerOverrides=is_alone, dependsOn=[{"jobId": second}])["jobId"]
    end = wait_for(last, "SUCCEEDED", pause=0.01)
    elapsed = time.monotonic() - began
    assert EXECUTOR != "simulated" or elapsed < 2, f"it took {elapsed:.2f} s"
    for array in first, second:
        job = describe(array)
        equal(job["status"], "SUCCEEDED")
        equal({k: v for k, v in job["arrayProperties"]["statusSummary"].items() if v}, {"SUCCEEDED": size})
    before, after = children(first), children(second)
    equal((len(before), len(after)), (size, size), "number of children")
    for index in range(size):
        assert before[index]["stoppedAt"] <= after[index]["startedAt"] <= end["startedAt"], (before[index], after[index])
