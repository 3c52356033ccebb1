"""The journey of compat-tests/journey.txt with boto3. Started by run.sh, which gives the COMPAT_ variables."""

import os
import time
import uuid

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from checks import equal, run, same_members, statuses, step, until

NAME = os.environ["COMPAT_NAME"]
EXECUTOR = os.environ["COMPAT_EXECUTOR"]
IMAGE = os.environ["COMPAT_IMAGE"]
ARN = f"arn:aws:batch:{os.environ['AWS_DEFAULT_REGION']}:{os.environ['AWS_ACCESS_KEY_ID']}"
# A retried request would hide an error of the server.
CONFIG = Config(retries={"total_max_attempts": 1})
batch = boto3.client("batch", endpoint_url=os.environ["COMPAT_ENDPOINT"], config=CONFIG)
logs = boto3.client("logs", endpoint_url=os.environ["COMPAT_ENDPOINT"], config=CONFIG)

GREET = 'echo "$GREETING, $1"'
JOB_MEMBERS = {
    "jobArn", "jobName", "jobId", "jobQueue", "status", "attempts", "statusReason", "createdAt", "startedAt",
    "stoppedAt", "dependsOn", "jobDefinition", "parameters", "container", "tags", "platformCapabilities",
    "eksAttempts",
}
# boto3 drops what its model does not know, such as isTerminated before the end of 2022.
KNOWN_JOB_MEMBERS = set(batch.meta.service_model.shape_for("JobDetail").members)
CONTAINER_MEMBERS = {
    "image", "command", "volumes", "environment", "mountPoints", "ulimits", "networkInterfaces", "resourceRequirements", "secrets",
    "exitCode", "containerInstanceArn", "taskArn", "logStreamName",
}
ATTEMPT_MEMBERS = {"container", "startedAt", "stoppedAt", "statusReason"}
ATTEMPT_CONTAINER_MEMBERS = {"containerInstanceArn", "taskArn", "exitCode", "logStreamName", "networkInterfaces"}

environment = f"{NAME}-environment"
queue = f"{NAME}-queue"
definition = f"{NAME}-definition"
environment_arn = f"{ARN}:compute-environment/{environment}"
queue_arn = f"{ARN}:job-queue/{queue}"
definition_arn = f"{ARN}:job-definition/{definition}"


def describe(job_id):
    (job,) = batch.describe_jobs(jobs=[job_id])["jobs"]
    return job


def wait_for(job_id, *wanted, **pause):
    def probe():
        job = describe(job_id)
        if job["status"] in wanted:
            return job
        assert job["status"] not in ("SUCCEEDED", "FAILED"), f"job is {job['status']}: {job.get('statusReason')}, {job['container']}"
        return None
    return until(f"job is {' or '.join(wanted)}", probe, **pause)


def overrides(simulated, command=None, **variables):
    """Container overrides; where jobs are simulated, with the variables that say what the command would do."""
    variables |= simulated if EXECUTOR == "simulated" else {}
    result = {"environment": [{"name": k, "value": v} for k, v in variables.items()]}
    return result | ({"command": command} if command else {})


def submit(name, **members):
    return batch.submit_job(jobName=f"{NAME}-{name}", jobQueue=queue, jobDefinition=definition, **members)


def refused(operation, **members):
    """The request must be refused with a ClientException; its message and request id."""
    try:
        getattr(batch, operation)(**members)
    except ClientError as error:
        equal(error.response["Error"]["Code"], "ClientException", "code")
        equal(error.response["ResponseMetadata"]["HTTPStatusCode"], 400, "HTTP status")
        return error.response["Error"]["Message"], error.response["ResponseMetadata"]["RequestId"]
    raise AssertionError(f"{operation} was not refused")


def wrapped(detail, request_id):
    return f"Error executing request, Exception : {detail}, RequestId: {request_id}"


def environment_detail():
    return batch.describe_compute_environments(computeEnvironments=[environment])["computeEnvironments"]


def queue_detail(name=queue):
    return batch.describe_job_queues(jobQueues=[name])["jobQueues"]


def has_settled(details, state):
    return details[0] if details and details[0]["status"] == "VALID" and details[0]["state"] == state else None


@step("compute environment: CREATING, then VALID")
def _():
    created = batch.create_compute_environment(
        computeEnvironmentName=environment,
        type="MANAGED",
        computeResources={
            "type": "EC2", "minvCpus": 0, "maxvCpus": 256, "instanceTypes": ["optimal"], "instanceRole": "ecsInstanceRole",
            "subnets": ["subnet-1"], "securityGroupIds": ["sg-1"],
        },
    )
    equal(created["computeEnvironmentArn"], environment_arn)
    detail = until("environment is VALID", lambda: has_settled(environment_detail(), "ENABLED"))
    equal(detail["statusReason"], "ComputeEnvironment Healthy")
    until("events are CREATING, VALID", lambda: statuses(environment_arn) == ["CREATING", "VALID"])


@step("job queue: CREATING, then VALID")
def _():
    created = batch.create_job_queue(
        jobQueueName=queue, priority=1, computeEnvironmentOrder=[{"order": 1, "computeEnvironment": environment}])
    equal(created["jobQueueArn"], queue_arn)
    detail = until("queue is VALID", lambda: has_settled(queue_detail(), "ENABLED"))
    equal(detail["statusReason"], "JobQueue Healthy")
    equal(detail["computeEnvironmentOrder"], [{"order": 1, "computeEnvironment": environment_arn}])
    until("events are CREATING, VALID", lambda: statuses(queue_arn) == ["CREATING", "VALID"])


@step("job definition: two revisions")
def _():
    for revision in 1, 2:
        registered = batch.register_job_definition(
            jobDefinitionName=definition,
            type="container",
            parameters={"who": "nobody"},
            tags={"client": NAME},
            containerProperties={
                "image": IMAGE,
                "command": ["sh", "-c", GREET, "sh", "Ref::who"],
                "environment": [{"name": "GREETING", "value": "none"}],
                "resourceRequirements": [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "64"}],
            },
        )
        equal(registered["revision"], revision)
        equal(registered["jobDefinitionArn"], f"{definition_arn}:{revision}")


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


@step("error: unknown queue")
def _():
    message, _ = refused("submit_job", jobName="a", jobQueue="nope", jobDefinition=definition)
    equal(message, "JobQueue nope not found.")


@step("error: bad job name")
def _():
    message, request_id = refused("submit_job", jobName="a.b", jobQueue=queue, jobDefinition=definition)
    equal(message, wrapped("Job name should match valid pattern", request_id))


@step("error: unknown definition")
def _():
    message, _ = refused("submit_job", jobName="a", jobQueue=queue, jobDefinition="nope")
    equal(message, "JobDefinition name nope does not exist or is not in ACTIVE status.")


@step("error: parameter without a value")
def _():
    message, _ = refused(
        "submit_job", jobName="a", jobQueue=queue, jobDefinition=definition, containerOverrides={"command": ["echo", "Ref::nothing"]})
    equal(message, "Unable to substitute value. No parameter found for reference nothing")


@step("error: bad compute environment name")
def _():
    message, request_id = refused("create_compute_environment", computeEnvironmentName="not a name!", type="MANAGED")
    equal(message, wrapped("Compute Environment name should match a valid pattern.", request_id))


@step("error: more than 100 job ids")
def _():
    message, request_id = refused("describe_jobs", jobs=[str(uuid.uuid4()) for _ in range(101)])
    equal(message, wrapped("Maximum number of jobs supported is  100 .", request_id))


@step("paging: job definitions")
def _():
    first = batch.describe_job_definitions(jobDefinitionName=definition, maxResults=1)
    second = batch.describe_job_definitions(jobDefinitionName=definition, maxResults=1, nextToken=first["nextToken"])
    equal([d["revision"] for page in (first, second) for d in page["jobDefinitions"]], [2, 1])
    assert "nextToken" not in second, second["nextToken"]
    pages = batch.get_paginator("describe_job_definitions").paginate(
        jobDefinitionName=definition, status="ACTIVE", PaginationConfig={"PageSize": 1})
    equal([d["revision"] for page in pages for d in page["jobDefinitions"]], [2, 1])


@step("paging: jobs")
def _():
    submitted = [submit(f"page-{n}", containerOverrides=overrides({}, command=["true"])) for n in range(5)]
    for job in submitted:
        wait_for(job["jobId"], "SUCCEEDED")
    filters = [{"name": "JOB_NAME", "values": [f"{NAME}-page-*"]}]
    sizes, ids, token = [], [], {}
    while True:
        page = batch.list_jobs(jobQueue=queue, filters=filters, maxResults=2, **token)
        sizes.append(len(page["jobSummaryList"]))
        ids += [job["jobId"] for job in page["jobSummaryList"]]
        if "nextToken" not in page:
            break
        token = {"nextToken": page["nextToken"]}
    equal(sizes, [2, 2, 1], "sizes of the pages")
    equal(sorted(ids), sorted(job["jobId"] for job in submitted))
    pages = batch.get_paginator("list_jobs").paginate(jobQueue=queue, jobStatus="SUCCEEDED", PaginationConfig={"PageSize": 2})
    found = [job for page in pages for job in page["jobSummaryList"]]
    equal(sorted(job["jobName"] for job in found), sorted([f"{NAME}-greeting", *(job["jobName"] for job in submitted)]))
    created = [job["createdAt"] for job in found]
    equal(created, sorted(created, reverse=True), "order of the list")


@step("tags: tag, list and untag")
def _():
    arn = f"{definition_arn}:2"
    batch.tag_resource(resourceArn=arn, tags={"with space": "a b", "path/to:x=y@z": "1+1", "plain": "ü"})
    expected = {"client": NAME, "with space": "a b", "path/to:x=y@z": "1+1", "plain": "ü"}
    equal(batch.list_tags_for_resource(resourceArn=arn)["tags"], expected)
    batch.untag_resource(resourceArn=arn, tagKeys=["with space", "path/to:x=y@z"])
    equal(batch.list_tags_for_resource(resourceArn=arn)["tags"], {"client": NAME, "plain": "ü"})
    equal(batch.list_tags_for_resource(resourceArn=greeting["jobArn"])["tags"], {"team": "red"})


def children(array_id):
    """The children of an array that have succeeded, by index."""
    pages = batch.get_paginator("list_jobs").paginate(arrayJobId=array_id, jobStatus="SUCCEEDED")
    return {child["arrayProperties"]["index"]: child for page in pages for child in page["jobSummaryList"]}


@step("pipeline: an array, its pairs, and a job after them")
def _():
    size = 1000 if EXECUTOR == "simulated" else 50
    is_child = overrides({}, command=["sh", "-c", f'test "$AWS_BATCH_JOB_ARRAY_SIZE" = {size} && test "$AWS_BATCH_JOB_ARRAY_INDEX" -lt {size}'])
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


@step("fair share: a policy, a queue with it, and jobs of shares")
def _():
    shared = f"{NAME}-shared"
    fairshare = {"shareDecaySeconds": 3600, "computeReservation": 1, "shareDistribution": [{"shareIdentifier": "User*", "weightFactor": 0.5}]}
    policy = batch.create_scheduling_policy(name=shared, fairsharePolicy=fairshare, tags={"team": "red"})["arn"]
    equal(policy, f"{ARN}:scheduling-policy/{shared}")
    (shown,) = batch.describe_scheduling_policies(arns=[policy])["schedulingPolicies"]
    equal(shown, {"name": shared, "arn": policy, "fairsharePolicy": fairshare, "tags": {"team": "red"}})
    pages = batch.get_paginator("list_scheduling_policies").paginate(PaginationConfig={"PageSize": 1})
    assert {"arn": policy} in [listed for page in pages for listed in page["schedulingPolicies"]]
    batch.create_job_queue(
        jobQueueName=shared, priority=1, schedulingPolicyArn=policy, computeEnvironmentOrder=[{"order": 1, "computeEnvironment": environment}])
    until("shared queue is VALID", lambda: has_settled(queue_detail(shared), "ENABLED"))
    equal(queue_detail(shared)[0]["schedulingPolicyArn"], policy)
    job = {"jobName": shared, "jobQueue": shared, "jobDefinition": definition, "containerOverrides": overrides({}, command=["true"])}
    equal(refused("submit_job", **job)[0], "shareIdentifier must be specified.")
    equal(
        refused("submit_job", **job, shareIdentifier="UserA")[0],
        "Either schedulingPriority in job definition or schedulingPriorityOverride is required.")
    ids = {share: batch.submit_job(**job, shareIdentifier=share, schedulingPriorityOverride=7)["jobId"] for share in ("UserA", "other")}
    for share, job_id in ids.items():
        done = wait_for(job_id, "SUCCEEDED")
        equal((done["shareIdentifier"], done["schedulingPriority"]), (share, 7))
        listed = batch.list_jobs(jobQueue=shared, jobStatus="SUCCEEDED", filters=[{"name": "SHARE_IDENTIFIER", "values": [share]}])
        equal([summary["jobId"] for summary in listed["jobSummaryList"]], [job_id])
    batch.update_scheduling_policy(arn=policy, fairsharePolicy={"shareDecaySeconds": 60})
    (shown,) = batch.describe_scheduling_policies(arns=[policy])["schedulingPolicies"]
    equal(shown["fairsharePolicy"], {"shareDecaySeconds": 60, "shareDistribution": []})
    refused("delete_scheduling_policy", arn=policy)
    batch.update_job_queue(jobQueue=shared, state="DISABLED")
    until("shared queue is DISABLED", lambda: has_settled(queue_detail(shared), "DISABLED"))
    batch.delete_job_queue(jobQueue=shared)
    until("shared queue is gone", lambda: not queue_detail(shared))
    batch.delete_scheduling_policy(arn=policy)
    equal(batch.describe_scheduling_policies(arns=[policy])["schedulingPolicies"], [])


@step("error: compute environment in use")
def _():
    batch.update_compute_environment(computeEnvironment=environment, state="DISABLED")
    until("environment is DISABLED", lambda: has_settled(environment_detail(), "DISABLED"))
    message, _ = refused("delete_compute_environment", computeEnvironment=environment)
    equal(message, "Cannot delete, found existing JobQueue relationship.")


@step("delete: queue")
def _():
    batch.update_job_queue(jobQueue=queue, state="DISABLED")
    until("queue is DISABLED", lambda: has_settled(queue_detail(), "DISABLED"))
    batch.delete_job_queue(jobQueue=queue)
    until("queue is gone", lambda: not queue_detail())


@step("delete: compute environment")
def _():
    batch.delete_compute_environment(computeEnvironment=environment)
    until("environment is gone", lambda: not environment_detail())


run()
