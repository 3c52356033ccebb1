"""The end of the resources."""

from checks import equal, step, until
from client import batch, environment, environment_detail, has_settled, queue, queue_detail, refused


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
