"""Airflow's provider for AWS: BatchOperator, which submits, waits and forwards output, and BatchCreateComputeEnvironmentOperator."""

from checks import equal, step, until
from jobs import (
    ENDED, ENDLESS, ENVIRONMENT, ENVIRONMENT_ARN, IMAGE, MAX_VCPUS, NAME, QUEUE, QUEUE_ARN, describe, expect_log,
    is_settled, read_log, resources, simulate, wait_for)
from wire import batch, logs, refusal

UNFINISHED = "SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING"


def register(name, command):
    """Registers a definition, which is left to the user of the operator."""
    return batch("RegisterJobDefinition", {
        "jobDefinitionName": f"{NAME}-{name}",
        "type": "container",
        "containerProperties": {"image": IMAGE, "command": command, "resourceRequirements": resources()},
    })["jobDefinitionArn"]


def submit(name, **members):
    """Submits a job as an operator does to which only a name, a queue and a definition were given."""
    job = batch("SubmitJob", {
        "jobName": f"{NAME}-{name}", "jobQueue": QUEUE, "jobDefinition": f"{NAME}-{name}", "parameters": {}, "tags": {}, **members})
    return job["jobId"]


def waiter(job):
    """Polls as the operator's waiters do, which compare the status of every job in the answer; None until the job has ended."""
    statuses = {detail["status"] for detail in batch("DescribeJobs", {"jobs": [job]})["jobs"]}
    assert statuses and statuses <= {*UNFINISHED, *ENDED}, statuses
    return statuses if statuses <= set(ENDED) else None


def streams(detail):
    """Finds log group and stream of each attempt as the operator does."""
    if detail.get("nodeProperties", {}):
        configurations = [
            nodes.get("container", {}).get("logConfiguration", {}) for nodes in detail["nodeProperties"].get("nodeRangeProperties", {})]
        names = [attempt.get("container", {}).get("logStreamName") for attempt in detail.get("attempts", [])]
    else:
        configurations = [detail["container"].get("logConfiguration", {})]
        names = [detail["container"]["logStreamName"]]
    equal({configuration.get("logDriver", "awslogs") for configuration in configurations}, {"awslogs"}, "log drivers")
    groups = [configuration.get("options", {}).get("awslogs-group", "/aws/batch/job") for configuration in configurations]
    return [(group, name) for name in names for group in groups]


@step("Airflow: a compute environment without tags")
def _():
    created = batch("CreateComputeEnvironment", {
        "computeEnvironmentName": ENVIRONMENT,
        "type": "MANAGED",
        "state": "ENABLED",
        "computeResources": {
            "type": "EC2", "minvCpus": 0, "maxvCpus": MAX_VCPUS, "instanceTypes": ["optimal"], "instanceRole": "ecsInstanceRole",
            "subnets": ["subnet-1"], "securityGroupIds": ["sg-1"],
        },
        "tags": {},
    })
    equal(created["computeEnvironmentArn"], ENVIRONMENT_ARN)
    names = {"computeEnvironments": [created["computeEnvironmentArn"]]}
    until("environment is VALID", lambda: is_settled("DescribeComputeEnvironments", names, "computeEnvironments"))
    equal(batch("DescribeComputeEnvironments", names)["computeEnvironments"][0]["tags"], {}, "tags")
    # No operator creates queues, but the jobs of all replays need one.
    batch("CreateJobQueue", {
        "jobQueueName": QUEUE, "priority": 1, "computeEnvironmentOrder": [{"order": 1, "computeEnvironment": ENVIRONMENT}], "tags": {}})
    until("queue is VALID", lambda: is_settled("DescribeJobQueues", {"jobQueues": [QUEUE]}, "jobQueues"))


@step("Airflow: the operator's default request, and its output")
def _():
    arn = register("operator", ["sh", "-c", "echo one; echo two"])
    simulate(f"{NAME}-operator", output=["one", "two"])
    job = submit("operator")
    detail = describe(job)
    equal([detail["jobId"], detail["jobDefinition"], detail["jobQueue"]], [job, arn, QUEUE_ARN], "links")
    equal([detail["parameters"], detail["tags"]], [{}, {}], "parameters and tags")
    equal(until("waiter ends", lambda: waiter(job)), {"SUCCEEDED"})
    ((group, stream),) = streams(describe(job))
    equal(group, "/aws/batch/job", "group")
    # The operator may ask before the stream exists, and continues only after exactly this error.
    equal(refusal(read_log, f"{NAME}-operator/default/0").code, "ResourceNotFoundException", "code")
    expect_log(["one", "two"], stream, group, startTime=0)


@step("Airflow: the default request of older releases")
def _():
    register("older", ["true"])
    job = submit("older", arrayProperties={}, containerOverrides={})
    detail = wait_for(job, "SUCCEEDED")
    assert "arrayProperties" not in detail, detail["arrayProperties"]


@step("Airflow: a job that fails, with its log group and last lines")
def _():
    group = f"/{NAME}/airflow"
    batch("RegisterJobDefinition", {
        "jobDefinitionName": f"{NAME}-failing",
        "type": "container",
        "containerProperties": {
            "image": IMAGE, "command": ["sh", "-c", "echo first; echo last; exit 3"], "resourceRequirements": resources(),
            "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": group, "awslogs-stream-prefix": "airflow"}},
        },
    })
    simulate(f"{NAME}-failing", exitCode=3, output=["first", "last"])
    job = submit("failing", retryStrategy={"attempts": 1})
    equal(until("waiter ends", lambda: waiter(job)), {"FAILED"})
    ((found, stream),) = streams(describe(job))
    equal(found, group, "group")
    expect_log(["first", "last"], stream, group, startTime=0)
    last = logs("GetLogEvents", {"logGroupName": group, "logStreamName": stream, "startFromHead": False, "limit": 1})
    equal([event["message"] for event in last["events"]], ["last"], "last line")


@step("Airflow: on_kill")
def _():
    register("killed", ["sh", "-c", ENDLESS])
    simulate(f"{NAME}-killed", runFor="300")
    job = submit("killed")
    wait_for(job, "RUNNING")
    equal(batch("TerminateJob", {"jobId": job, "reason": "Task killed by the user"}), {}, "answer")
    equal(until("waiter ends", lambda: waiter(job)), {"FAILED"})
    equal(describe(job)["statusReason"], "Task killed by the user")


@step("Airflow: output of a job on two nodes")
def _():
    container = {"image": IMAGE, "command": ["sh", "-c", 'echo "node $AWS_BATCH_JOB_NODE_INDEX"'], "resourceRequirements": resources()}
    batch("RegisterJobDefinition", {
        "jobDefinitionName": f"{NAME}-nodes",
        "type": "multinode",
        "nodeProperties": {"numNodes": 2, "mainNode": 0, "nodeRangeProperties": [{"targetNodes": "0:", "container": container}]},
    })
    simulate(f"{NAME}-nodes", index=0, output="node 0")
    job = submit("nodes")
    equal(until("waiter ends", lambda: waiter(job)), {"SUCCEEDED"})
    ((group, stream),) = streams(describe(job))
    expect_log(["node 0"], stream, group, startTime=0)
