"""Jobs, from their submission to their end."""

import uuid

from checks import equal, same_members, statuses, step, until
from client import ARN, GREET, batch, definition, definition_arn, logs, overrides, queue, queue_arn, submit, wait_for

JOB_MEMBERS = {
    "jobArn", "jobName", "jobId", "jobQueue", "status", "attempts", "statusReason", "createdAt", "startedAt",
    "stoppedAt", "dependsOn", "jobDefinition", "parameters", "container", "tags", "platformCapabilities",
    "eksAttempts",
}
# boto3 drops members that its model lacks, such as isTerminated before the end of 2022.
KNOWN_JOB_MEMBERS = set(batch.meta.service_model.shape_for("JobDetail").members)
CONTAINER_MEMBERS = {
    "image", "command", "volumes", "environment", "mountPoints", "ulimits", "networkInterfaces", "resourceRequirements", "secrets",
    "exitCode", "containerInstanceArn", "taskArn", "logStreamName",
}
ATTEMPT_MEMBERS = {"container", "startedAt", "stoppedAt", "statusReason"}
ATTEMPT_CONTAINER_MEMBERS = {"containerInstanceArn", "taskArn", "exitCode", "logStreamName", "networkInterfaces"}


@step("job: runs with overrides, parameters and tags")
def _():
    global greeting
    submitted = submit(
        "greeting",
        containerOverrides=overrides({"SIMULATE_OUTPUT": "Grüße, world"}, GREETING="Grüße"),
        parameters={"who": "world"},
        tags={"team": "red"},
    )
    equal(submitted["jobArn"], f"{ARN}:job/{submitted['jobId']}")
    greeting = wait_for(submitted["jobId"], "SUCCEEDED")
    equal(greeting["jobDefinition"], f"{definition_arn}:2")
    equal(greeting["jobQueue"], queue_arn)
    equal(greeting["parameters"], {"who": "world"})
    equal(greeting["tags"], {"team": "red"})
    equal(greeting["statusReason"], "Essential container in task exited")
    equal(greeting["container"]["command"], ["sh", "-c", GREET, "sh", "world"])
    equal(greeting["container"]["exitCode"], 0)
    assert {"name": "GREETING", "value": "Grüße"} in greeting["container"]["environment"], greeting["container"]["environment"]
    assert greeting["createdAt"] <= greeting["startedAt"] <= greeting["stoppedAt"]


@step("job: events in order")
def _():
    until("last event is SUCCEEDED", lambda: statuses(greeting["jobArn"])[-1:] == ["SUCCEEDED"])
    equal(statuses(greeting["jobArn"]), ["RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED"])


@step("job: DescribeJobs has exactly the members of AWS")
def _():
    same_members(greeting, JOB_MEMBERS & KNOWN_JOB_MEMBERS, "job")
    same_members(greeting["container"], CONTAINER_MEMBERS, "container")
    (attempt,) = greeting["attempts"]
    same_members(attempt, ATTEMPT_MEMBERS, "attempt")
    same_members(attempt["container"], ATTEMPT_CONTAINER_MEMBERS, "container of the attempt")
    for name in "dependsOn", "platformCapabilities", "eksAttempts":
        equal(greeting[name], [], name)


@step("job: output through get-log-events")
def _():
    stream = greeting["container"]["logStreamName"]
    assert stream.startswith(f"{definition}/default/"), stream
    lines = until("log has lines", lambda: logs.get_log_events(
        logGroupName="/aws/batch/job", logStreamName=stream, startFromHead=True)["events"])
    equal([line["message"] for line in lines], ["Grüße, world"])


@step("job: output through filter-log-events")
def _():
    stream = greeting["container"]["logStreamName"]

    def messages(pattern):
        found = logs.filter_log_events(logGroupName="/aws/batch/job", logStreamNames=[stream], filterPattern=pattern)
        return [event["message"] for event in found["events"]]

    equal(messages("world"), ["Grüße, world"])
    equal(messages("moon"), [])


@step("failing job: exit code, reason and summary")
def _():
    submitted = submit(
        "failing",
        containerOverrides=overrides({"SIMULATE_EXIT_CODE": "3"}, command=["sh", "-c", "exit 3"]),
        timeout={"attemptDurationSeconds": 60},
    )
    job = wait_for(submitted["jobId"], "FAILED")
    equal(job["statusReason"], "Essential container in task exited")
    equal(job["container"]["exitCode"], 3)
    equal(job["timeout"], {"attemptDurationSeconds": 60})
    same_members(job, JOB_MEMBERS & KNOWN_JOB_MEMBERS | {"timeout"}, "job")
    (summary,) = batch.list_jobs(jobQueue=queue, jobStatus="FAILED")["jobSummaryList"]
    equal(summary["jobId"], submitted["jobId"])
    equal(summary["container"], {"exitCode": 3})
    assert "jobDefinition" not in summary, summary


@step("retries: an attempt for each failure")
def _():
    submitted = submit(
        "retries",
        containerOverrides=overrides({"SIMULATE_EXIT_CODE": "3"}, command=["sh", "-c", "exit 3"]),
        retryStrategy={"attempts": 2},
    )
    job = wait_for(submitted["jobId"], "FAILED")
    equal([attempt["container"]["exitCode"] for attempt in job["attempts"]], [3, 3])
    assert job["attempts"][0]["container"]["logStreamName"] != job["attempts"][1]["container"]["logStreamName"]
    equal(job["retryStrategy"], {"attempts": 2, "evaluateOnExit": []})
    once = ["RUNNABLE", "STARTING", "RUNNING"]
    until("last event is FAILED", lambda: statuses(job["jobArn"])[-1:] == ["FAILED"])
    equal(statuses(job["jobArn"]), [*once, *once, "FAILED"])


@step("cancel and terminate: an unknown id succeeds")
def _():
    batch.cancel_job(jobId=str(uuid.uuid4()), reason="nothing there")
    batch.terminate_job(jobId=str(uuid.uuid4()), reason="nothing there")


@step("terminate: a running job ends with the given reason")
def _():
    reason = 'stopped by hand: "100 %" sure'
    # A shell that is process 1 of a container ignores SIGTERM unless it traps it.
    script = 'trap "exit 143" TERM; sleep 300 & wait'
    submitted = submit("endless", containerOverrides=overrides({"SIMULATE_RUN_FOR": "300"}, command=["sh", "-c", script]))
    wait_for(submitted["jobId"], "RUNNING")
    batch.terminate_job(jobId=submitted["jobId"], reason=reason)
    job = wait_for(submitted["jobId"], "FAILED")
    equal(job["statusReason"], reason)
    equal(job["attempts"][0]["statusReason"], reason)
    assert job["container"]["exitCode"] in (137, 143), job["container"]
    if "isTerminated" in KNOWN_JOB_MEMBERS:
        equal((job["isTerminated"], job.get("isCancelled")), (True, None))
