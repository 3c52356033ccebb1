"""Requests that are refused."""

import uuid

from checks import equal, step
from client import definition, queue, refused, wrapped


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
