"""The AWS SDK for .NET, Luigi, TorchX and aegea, whose last step deletes the queue and the environment of the replays."""

from checks import equal, step
from jobs import (
    ENDED, ENDLESS, ENVIRONMENT, IMAGE, NAME, QUEUE, ROLE, describe, expect_log, resources, set_up, simulate, take_down, wait_for)
from wire import batch, logs, refusal, tag_resource


@step("AWS SDK for .NET: empty dictionaries and lists are sent")
def _():
    name = f"{NAME}-dotnet"
    arn = batch("RegisterJobDefinition", {
        "jobDefinitionName": name,
        "type": "container",
        "parameters": {},
        "tags": {},
        "platformCapabilities": [],
        "timeout": {},
        "containerProperties": {
            "image": IMAGE, "command": ["sh", "-c", "echo done"], "resourceRequirements": resources(), "environment": [], "secrets": [],
            "mountPoints": [], "volumes": [], "ulimits": [], "linuxParameters": {"devices": [], "tmpfs": []},
            "logConfiguration": {"logDriver": "awslogs", "options": {}, "secretOptions": []},
        },
    })["jobDefinitionArn"]
    equal(tag_resource(arn, {}), {}, "answer")
    simulate(name, output="done")
    job = batch("SubmitJob", {
        "jobName": name,
        "jobQueue": QUEUE,
        "jobDefinition": name,
        "parameters": {},
        "tags": {},
        "dependsOn": [],
        "arrayProperties": {},
        "retryStrategy": {"attempts": 1, "evaluateOnExit": []},
        "timeout": {},
        "containerOverrides": {"command": [], "environment": [], "resourceRequirements": []},
        "nodeOverrides": {"nodePropertyOverrides": []},
        "ecsPropertiesOverride": {"taskProperties": []},
        "eksPropertiesOverride": {},
        "consumableResourcePropertiesOverride": {"consumableResourceList": []},
    })["jobId"]
    done = wait_for(job, "SUCCEEDED")
    equal([done["parameters"], done["tags"], done["dependsOn"]], [{}, {}, []], "empty members")
    assert "arrayProperties" not in done and "timeout" not in done, done
    equal(done["container"]["command"], ["sh", "-c", "echo done"], "command")
    expect_log(["done"], done["container"]["logStreamName"])
    (shown,) = batch("DescribeJobDefinitions", {"jobDefinitionName": name, "jobDefinitions": []})["jobDefinitions"]
    equal([shown["parameters"], shown["tags"]], [{}, {}], "empty members of the definition")
    assert QUEUE in [queue["jobQueueName"] for queue in batch("DescribeJobQueues", {"jobQueues": []})["jobQueues"]]
    listed = batch("ListJobs", {"jobQueue": QUEUE, "jobStatus": "SUCCEEDED", "filters": []})["jobSummaryList"]
    assert job in [summary["jobId"] for summary in listed]


def submit_task(name, definition, **members):
    """Submits a task of Luigi, which sends an empty value for everything that was not set."""
    return batch("SubmitJob", {
        "jobName": name, "jobQueue": QUEUE, "arrayProperties": {}, "dependsOn": [], "jobDefinition": definition, "parameters": {},
        "containerOverrides": {}, "retryStrategy": {}, "timeout": {}, **members,
    })["jobId"]


@step("Luigi: a task that fails, and its last lines")
def _():
    queues = batch("DescribeJobQueues", {})["jobQueues"]
    assert QUEUE in [queue["jobQueueName"] for queue in queues if (queue["state"], queue["status"]) == ("ENABLED", "VALID")], queues
    name = f"{NAME}-luigi"
    arn = batch("RegisterJobDefinition", {
        "jobDefinitionName": name,
        "type": "container",
        "containerProperties": {
            "image": IMAGE, "vcpus": 1, "memory": 64, "command": ["sh", "-c", "echo working; echo broken; exit 9"]},
    })["jobDefinitionArn"]
    simulate(name, exitCode=9, output=["working", "broken"])
    # AWS refuses only one of these empty values, so a task has to set its number of attempts.
    refused = refusal(submit_task, name, arn)
    assert "RetryAttempts must be provided with retry strategy" in refused.message, refused
    done = wait_for(submit_task(name, arn, retryStrategy={"attempts": 1}), "FAILED")
    stream = done["attempts"][0]["container"]["logStreamName"]
    expect_log(["working", "broken"], stream)
    last = logs("GetLogEvents", {"logGroupName": "/aws/batch/job", "logStreamName": stream, "startFromHead": False})["events"]
    equal([event["message"] for event in last], ["working", "broken"], "last lines")


def find(name):
    """Finds the ARN of the newest job of a name; TorchX uses it in place of the job's id."""
    found = batch("ListJobs", {"jobQueue": QUEUE, "filters": [{"name": "JOB_NAME", "values": [name]}]})["jobSummaryList"]
    return found[0]["jobArn"]


@step("TorchX: replicas are described, read and terminated by the job's ARN")
def _():
    name = f"{NAME}-torchx"
    tags = {"torchx.pytorch.org/version": "0.7.0", "torchx.pytorch.org/app-name": "app", "torchx.pytorch.org/user": "ana"}

    def role(index, name, targets, script):
        return {
            "targetNodes": targets,
            "container": {
                "command": ["sh", "-c", script],
                "image": IMAGE,
                "environment": [{"name": "TORCHX_ROLE_IDX", "value": index}, {"name": "TORCHX_ROLE_NAME", "value": name}],
                "privileged": False,
                "resourceRequirements": resources("1", "1000"),
                "linuxParameters": {"sharedMemorySize": 1000, "devices": []},
                "logConfiguration": {"logDriver": "awslogs"},
                "mountPoints": [],
                "volumes": [],
            },
        }

    replica = 'echo "replica $AWS_BATCH_JOB_NODE_INDEX"'
    batch("RegisterJobDefinition", {
        "jobDefinitionName": name,
        "type": "multinode",
        "nodeProperties": {"numNodes": 3, "mainNode": 0, "nodeRangeProperties": [
            role("0", "leader", "0:0", f"{replica}; {ENDLESS}"), role("1", "worker", "1:2", replica)]},
        "retryStrategy": {"attempts": 1, "evaluateOnExit": [{"onExitCode": "0", "action": "EXIT"}]},
        "tags": tags,
    })
    simulate(name, index=0, output="replica 0", runFor="300")
    for index in 1, 2:
        simulate(name, index=index, output=f"replica {index}")
    batch("SubmitJob", {"jobName": name, "jobQueue": QUEUE, "jobDefinition": name, "tags": tags})
    arn = find(name)
    job = describe(arn)
    equal([job["jobArn"], job["tags"], job["nodeProperties"]["numNodes"]], [arn, tags, 3], "job")
    roles = {}
    for nodes in job["nodeProperties"]["nodeRangeProperties"]:
        container = nodes["container"]
        variables = {variable["name"]: variable["value"] for variable in container["environment"]}
        required = {requirement["type"]: requirement["value"] for requirement in container["resourceRequirements"]}
        roles[variables["TORCHX_ROLE_NAME"]] = nodes["targetNodes"], container["image"], container["command"][0], required["MEMORY"]
    equal(roles, {"leader": ("0:0", IMAGE, "sh", "1000"), "worker": ("1:2", IMAGE, "sh", "1000")}, "roles")
    leader = wait_for(f"{arn}#0", "RUNNING")
    expect_log(["replica 0"], leader["container"]["logStreamName"], limit=10000)
    for index in 1, 2:
        worker = wait_for(f"{arn}#{index}", "SUCCEEDED")
        expect_log([f"replica {index}"], worker["attempts"][-1]["container"]["logStreamName"], limit=10000)
    # TorchX lists jobs of every status by a creation time that is long past, and recognizes its own by their tags.
    listed = batch("ListJobs", {"jobQueue": QUEUE, "filters": [{"name": "AFTER_CREATED_AT", "values": ["1"]}]})["jobSummaryList"]
    details = batch("DescribeJobs", {"jobs": [summary["jobId"] for summary in listed]})["jobs"]
    equal([detail["jobName"] for detail in details if "torchx.pytorch.org/version" in detail["tags"]], [name], "jobs of TorchX")
    equal(batch("TerminateJob", {"jobId": arn, "reason": "killed via torchx CLI"}), {}, "answer")
    equal(wait_for(arn, "FAILED")["statusReason"], "killed via torchx CLI")


@step("aegea: an environment and a queue, waited for by name")
def _():
    name = f"{NAME}-aegea"
    environment = {
        "computeEnvironmentName": name,
        "type": "MANAGED",
        "computeResources": {
            "type": "SPOT", "minvCpus": 0, "desiredvCpus": 2, "maxvCpus": 64, "instanceTypes": ["optimal"], "ec2KeyPair": "aegea.batch",
            "subnets": ["subnet-1", "subnet-2"], "securityGroupIds": ["sg-1"], "instanceRole": "aegea.batch.ecs_container_instance",
            "launchTemplate": {"launchTemplateName": "aegea_batch_0a1b2c3d"}, "spotIamFleetRole": "SpotFleet",
            "tags": {"Name": "aegea.batch"},
        },
        "serviceRole": "aegea.batch.service",
    }
    set_up(environment, name)
    assert batch("DescribeComputeEnvironments", {"computeEnvironments": [name]})["computeEnvironments"][0]["ecsClusterArn"]
    take_down(name, name)


@step("aegea: a definition is found again by what it holds, and a job watched")
def _():
    name = f"aegea_util_aws_batch_jd_{NAME}"
    properties = {
        "image": IMAGE, "user": "0", "privileged": False, "volumes": [], "mountPoints": [], "environment": [], "command": [],
        "resourceRequirements": [], "ulimits": [{"name": "nofile", "hardLimit": 1000, "softLimit": 1000}], "secrets": [],
        "vcpus": 1, "memory": 4, "jobRoleArn": ROLE,
    }
    expected = {
        "status": "ACTIVE", "type": "container", "parameters": {}, "tags": {}, "retryStrategy": {"attempts": 1, "evaluateOnExit": []},
        "containerProperties": properties, "platformCapabilities": ["EC2"],
    }
    arn = batch("RegisterJobDefinition", {
        "jobDefinitionName": name, "type": "container", "containerProperties": properties, "retryStrategy": {"attempts": 1},
        "platformCapabilities": ["EC2"],
    })["jobDefinitionArn"]
    (shown,) = batch("DescribeJobDefinitions", {"jobDefinitionName": name})["jobDefinitions"]
    # A member that AWS added after this client was written.
    equal(shown.pop("containerOrchestrationType"), "ECS", "containerOrchestrationType")
    equal([shown.pop("jobDefinitionName"), shown.pop("jobDefinitionArn"), shown.pop("revision")], [name, arn, 1], "names")
    equal(shown, expected, "definition")
    simulate(f"{name}_1", output=["one", "two"])
    job = batch("SubmitJob", {
        "jobName": f"{name}_1", "jobQueue": QUEUE, "dependsOn": [], "jobDefinition": arn, "parameters": {},
        "containerOverrides": {
            "command": ["sh", "-c", 'for i in "$@"; do eval "$i"; done; cd /', "aegea.util.aws.batch", "echo one", "echo two"],
            "environment": [], "memory": 64,
        },
    })["jobId"]
    done = wait_for(job, *ENDED)
    equal([done["status"], done["container"]["exitCode"]], ["SUCCEEDED", 0], "end")
    assert "logConfiguration" not in done["container"] and done["container"]["containerInstanceArn"], done["container"]
    expect_log(["one", "two"], done["container"]["logStreamName"])
    equal(batch("TerminateJob", {"jobId": job, "reason": "Terminated by aegea.batch"}), {}, "answer")


@step("aegea: the queue and its environment are deleted")
def _():
    take_down(ENVIRONMENT, QUEUE)
