"""Metaflow: steps with @batch, one of them on several nodes, and its commands that list and kill what is unfinished."""

from checks import equal, step, until
from jobs import (
    ENDED, ENDLESS, ENVIRONMENT, EXECUTOR, IMAGE, NAME, QUEUE, ROLE, describe, expect_log, resources, set_up, simulate, take_down,
    wait_for)
from wire import REGION, batch

USER = "ana"
RUN = "1700000000000000"
VARIABLES = "AWS_BATCH_JOB_ID", "AWS_BATCH_JOB_ATTEMPT", "AWS_BATCH_CE_NAME", "AWS_BATCH_JQ_NAME", "AWS_EXECUTION_ENV"
# A step looks up all of these before it runs any user code, and fails if one is missing.
LOOK_UP = "; ".join(f': "${{{name}:?}}"; echo "{name}=${name}"' for name in VARIABLES)
KILLED = "Metaflow initiated job termination."


def job_name(task):
    return f"{USER}-{NAME}-{RUN}-{task}-1-0"


def platform(queue):
    """Finds the platform of a queue, which decides what is registered for its jobs."""
    found = batch("DescribeJobQueues", {"jobQueues": [queue]})["jobQueues"][0]
    first = found["computeEnvironmentOrder"][0]["computeEnvironment"]
    environment = batch("DescribeComputeEnvironments", {"computeEnvironments": [first]})["computeEnvironments"][0]
    return environment["computeResources"]["type"]


def definition(members, queue=QUEUE):
    """Finds the definition of a step by a name that stands for its content, or registers it."""
    name = f"metaflow_{NAME}_{members['type']}_{platform(queue)}"
    found = batch("DescribeJobDefinitions", {"jobDefinitionName": name, "status": "ACTIVE"})["jobDefinitions"]
    if found:
        return found[0]["jobDefinitionArn"]
    return batch("RegisterJobDefinition", {**members, "jobDefinitionName": name})["jobDefinitionArn"]


def container(**members):
    return {
        "image": IMAGE, "jobRoleArn": ROLE, "command": ["echo", "hello world"], "resourceRequirements": resources("1", "4096"), **members}


def overrides(script):
    return {
        "command": ["sh", "-c", f"true && export MF_ATTEMPT=0 MFLOG_STDOUT=$PWD/.logs/mflog_stdout && {{ {script}; }}; c=$?; exit $c"],
        "resourceRequirements": resources("1", "4096"),
        "environment": [
            {"name": "AWS_DEFAULT_REGION", "value": REGION},
            {"name": "METAFLOW_CODE_METADATA", "value": '{"version": 1, "archive_format": "tgz", "mfcontent_version": 1}'},
            {"name": "METAFLOW_USER", "value": USER},
            {"name": "METAFLOW_SERVICE_HEADERS", "value": "{}"},
            {"name": "METAFLOW_DATASTORE_SYSROOT_S3", "value": "s3://metaflow/data"},
            {"name": "METAFLOW_DEFAULT_DATASTORE", "value": "s3"},
            {"name": "METAFLOW_RUNTIME_ENVIRONMENT", "value": "aws-batch"},
            {"name": "METAFLOW_INPUT_PATHS_0", "value": f"{RUN}/start/0"},
        ],
    }


def submission(task, arn, queue=QUEUE):
    return {
        "jobName": job_name(task),
        "jobQueue": queue,
        "jobDefinition": arn,
        "timeout": {"attemptDurationSeconds": 432000},
        "parameters": {
            "metaflow.flow_name": NAME, "metaflow.step_name": task, "metaflow.run_id": RUN, "metaflow.task_id": "1",
            "metaflow.retry_count": "0", "metaflow.user": USER, "metaflow.version": "2.19.38",
        },
    }


def submit(task, script):
    arn = definition({"type": "container", "containerProperties": container(linuxParameters={}), "propagateTags": True})
    job = batch("SubmitJob", {**submission(task, arn), "containerOverrides": overrides(script)})["jobId"]
    # Metaflow treats a job as ended as soon as it has a stoppedAt.
    detail = describe(job)
    equal(detail.get("stoppedAt", 0) > 0, detail["status"] in ENDED, "whether it has ended")
    return job


def expected(job, environment=ENVIRONMENT, queue=QUEUE, execution="AWS_ECS_EC2"):
    """Lists the lines that LOOK_UP writes; simulated jobs cannot know the values."""
    values = ("",) * len(VARIABLES) if EXECUTOR == "simulated" else (job, "1", environment, queue, execution)
    return [f"{name}={value}" for name, value in zip(VARIABLES, values)]


def wait_until_done(job):
    until("job has stopped", lambda: describe(job).get("stoppedAt", 0) > 0)
    return describe(job)


@step("Metaflow: a step finds the variables that it looks up")
def _():
    simulate(job_name("start"), output=expected(""))
    ids = [submit("start", LOOK_UP) for _ in range(2)]
    for job in ids:
        done = wait_until_done(job)
        equal(done["status"], "SUCCEEDED", f"{done.get('statusReason')}; status")
        equal(done["container"]["exitCode"], 0, "exitCode")
        expect_log(expected(job), done["container"]["logStreamName"])
    found = batch("DescribeJobDefinitions", {"jobDefinitionName": f"metaflow_{NAME}_container_EC2", "status": "ACTIVE"})
    equal(len(found["jobDefinitions"]), 1, "number of definitions")


@step("Metaflow: a step on Fargate")
def _():
    name = f"{NAME}-fargate"
    set_up({
        "computeEnvironmentName": name, "type": "MANAGED",
        "computeResources": {"type": "FARGATE", "maxvCpus": 16, "subnets": ["subnet-1"], "securityGroupIds": ["sg-1"]},
    }, name)
    arn = definition({
        "type": "container",
        "propagateTags": True,
        "platformCapabilities": ["FARGATE"],
        "containerProperties": container(
            executionRoleArn=ROLE, networkConfiguration={"assignPublicIp": "ENABLED"}, ephemeralStorage={"sizeInGiB": 30}),
    }, name)
    simulate(job_name("fargate"), output=expected(""))
    job = batch("SubmitJob", {**submission("fargate", arn, name), "containerOverrides": overrides(LOOK_UP)})["jobId"]
    done = wait_until_done(job)
    equal(done["status"], "SUCCEEDED", f"{done.get('statusReason')}; status")
    expect_log(expected(job, name, name, "AWS_ECS_FARGATE"), done["container"]["logStreamName"])
    take_down(name, name)


@step("Metaflow: a step that crashes")
def _():
    simulate(job_name("crash"), exitCode=1)
    done = wait_until_done(submit("crash", "exit 1"))
    equal(done["status"], "FAILED")
    equal(done["container"]["exitCode"], 1, "exitCode")
    equal([done["container"].get("reason"), done["statusReason"]], [None, "Essential container in task exited"], "reasons")


@step("Metaflow: unfinished steps of a run are found and killed")
def _():
    simulate(job_name("long"), runFor="300")
    job = submit("long", ENDLESS)
    wait_for(job, "RUNNING")
    queues = batch("DescribeJobQueues", {})["jobQueues"]
    active = [queue["jobQueueName"] for queue in queues if (queue["state"], queue["status"]) == ("ENABLED", "VALID")]
    assert QUEUE in active, active
    unfinished = [
        summary["jobId"]
        for status in ("SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING")
        for summary in batch("ListJobs", {"jobQueue": QUEUE, "jobStatus": status})["jobSummaryList"]
        if f"{USER}-{NAME}-" in summary["jobName"]
    ]
    details = batch("DescribeJobs", {"jobs": unfinished})["jobs"]
    wanted = {"metaflow.user": USER, "metaflow.flow_name": NAME, "metaflow.run_id": RUN}
    ours = [detail["jobId"] for detail in details if wanted.items() <= detail["parameters"].items()]
    equal(ours, [job], "unfinished jobs")
    equal(batch("TerminateJob", {"jobId": job, "reason": KILLED}), {}, "answer")
    done = wait_until_done(job)
    equal([done["status"], done["statusReason"]], ["FAILED", KILLED], "end")


@step("Metaflow: a step on two nodes")
def _():
    nodes = [{"targetNodes": target, "container": container(linuxParameters={})} for target in ("0:0", "1:1")]
    arn = definition({
        "type": "multinode",
        "propagateTags": True,
        "nodeProperties": {"numNodes": 2, "mainNode": 0, "nodeRangeProperties": nodes},
    })
    looks_up = '"${AWS_BATCH_JOB_NUM_NODES:?} ${AWS_BATCH_JOB_NODE_INDEX:?}'
    main = f'echo {looks_up} ${{AWS_BATCH_JOB_MAIN_NODE_PRIVATE_IPV4_ADDRESS-main}}"; {ENDLESS}'
    second = f'{LOOK_UP}; : "${{AWS_BATCH_JOB_MAIN_NODE_PRIVATE_IPV4_ADDRESS:?}}"; echo {looks_up}"'
    simulate(job_name("train"), index=0, output="2 0 main", runFor="300")
    simulate(job_name("train"), index=1, output=[*expected(""), "2 1"])
    job = batch("SubmitJob", {
        **submission("train", arn),
        "nodeOverrides": {"nodePropertyOverrides": [
            {"targetNodes": "0:0", "containerOverrides": overrides(main)},
            {"targetNodes": "1:1", "containerOverrides": overrides(second)},
        ]},
    })["jobId"]
    node = wait_for(f"{job}#1", "SUCCEEDED")
    expect_log([*expected(f"{job}#1"), "2 1"], node["container"]["logStreamName"])
    expect_log(["2 0 main"], describe(f"{job}#0")["container"]["logStreamName"])
    equal(describe(job)["status"], "RUNNING")
    batch("TerminateJob", {"jobId": job, "reason": KILLED})
    done = wait_until_done(job)
    assert done["status"] in ENDED and "container" not in done, done
    equal([done["status"], done["statusReason"]], ["FAILED", KILLED], "end")
    assert EXECUTOR == "simulated" or done["attempts"][-1]["container"].get("exitCode") in (137, 143), done["attempts"]
