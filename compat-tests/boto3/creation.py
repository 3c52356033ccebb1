"""The resources that the steps after them use."""

from checks import equal, statuses, step, until
from client import (
    GREET, IMAGE, NAME, batch, definition, definition_arn, environment, environment_arn, environment_detail, has_settled, queue, queue_arn,
    queue_detail,
)


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
