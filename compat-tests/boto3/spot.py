"""Spot instances that are reclaimed, and what is retried then."""

import json
import os
import urllib.request

from checks import equal, step, until
from client import NAME, batch, definition, describe, environment, has_settled, overrides, queue, queue_detail, wait_for

ENDLESS = ["sh", "-c", 'trap "exit 143" TERM; sleep 300 & wait']
FOR_LOST_HOSTS = {
    "attempts": 3,
    "evaluateOnExit": [{"onStatusReason": "Host EC2*", "action": "RETRY"}, {"onReason": "*", "action": "EXIT"}],
}


def control(endpoint, change):
    urllib.request.urlopen(urllib.request.Request(
        f"{os.environ['COMPAT_ENDPOINT']}/_emulator/{endpoint}", json.dumps(change).encode(), method="POST")).close()


def submit_endless(job_queue, **members):
    return batch.submit_job(
        jobName=f"{NAME}-spot", jobQueue=job_queue, jobDefinition=definition, retryStrategy=FOR_LOST_HOSTS,
        containerOverrides=overrides({"SIMULATE_RUN_FOR": "300"}, command=ENDLESS), **members)["jobId"]


@step("spot: a reclaimed job is retried on demand")
def _():
    global timed
    timed = submit_endless(queue, timeout={"attemptDurationSeconds": 60})
    spot = f"{NAME}-spot"
    batch.create_compute_environment(computeEnvironmentName=spot, type="MANAGED", computeResources={
        "type": "SPOT", "allocationStrategy": "SPOT_PRICE_CAPACITY_OPTIMIZED", "minvCpus": 0, "maxvCpus": 4, "instanceTypes": ["m5.large"],
        "instanceRole": "ecsInstanceRole", "subnets": ["subnet-1"], "securityGroupIds": ["sg-1"]})

    def environment_detail():
        return batch.describe_compute_environments(computeEnvironments=[spot])["computeEnvironments"]

    until("spot environment is VALID", lambda: has_settled(environment_detail(), "ENABLED"))
    batch.create_job_queue(jobQueueName=spot, priority=1, computeEnvironmentOrder=[
        {"order": 1, "computeEnvironment": spot}, {"order": 2, "computeEnvironment": environment}])
    until("spot queue is VALID", lambda: has_settled(queue_detail(spot), "ENABLED"))
    job_id = submit_endless(spot)
    first = wait_for(job_id, "RUNNING")["container"]["containerInstanceArn"]
    equal(environment_detail()[0]["computeResources"]["desiredvCpus"], 2)

    control("faults", {"shortage": {"purchase": "SPOT", "seconds": 600}, "reclaim": {"job": job_id, "notice": False}})
    job = until("job runs again", lambda: (now := describe(job_id))["status"] == "RUNNING" and now["attempts"] and now)
    (lost,) = job["attempts"]
    equal(lost["statusReason"], f"Host EC2 (instance i-0{first.split('/')[-1][:16]}) terminated.")
    assert "exitCode" not in lost["container"], lost
    assert job["container"]["containerInstanceArn"].split("/")[1] != first.split("/")[1], "the second attempt is in the same cluster"
    control("faults", {"shortage": None})

    batch.terminate_job(jobId=job_id, reason="seen enough")
    wait_for(job_id, "FAILED")
    batch.update_job_queue(jobQueue=spot, state="DISABLED")
    until("spot queue is DISABLED", lambda: has_settled(queue_detail(spot), "DISABLED"))
    batch.delete_job_queue(jobQueue=spot)
    until("spot queue is gone", lambda: not queue_detail(spot))
    batch.update_compute_environment(computeEnvironment=spot, state="DISABLED")
    until("spot environment is DISABLED", lambda: has_settled(environment_detail(), "DISABLED"))
    batch.delete_compute_environment(computeEnvironment=spot)
    until("spot environment is gone", lambda: not environment_detail())
