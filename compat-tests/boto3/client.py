"""The clients of the journey, the names of its resources, and the calls that many of its steps make."""

import os

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from checks import equal, until

NAME = os.environ["COMPAT_NAME"]
EXECUTOR = os.environ["COMPAT_EXECUTOR"]
IMAGE = os.environ["COMPAT_IMAGE"]
ARN = f"arn:aws:batch:{os.environ['AWS_DEFAULT_REGION']}:{os.environ['AWS_ACCESS_KEY_ID']}"
# A retried request would hide an error of the server.
CONFIG = Config(retries={"total_max_attempts": 1})
batch = boto3.client("batch", endpoint_url=os.environ["COMPAT_ENDPOINT"], config=CONFIG)
logs = boto3.client("logs", endpoint_url=os.environ["COMPAT_ENDPOINT"], config=CONFIG)

GREET = 'echo "$GREETING, $1"'
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
