"""Scheduling policies and shares."""

from checks import equal, step, until
from client import ARN, NAME, batch, definition, environment, has_settled, overrides, queue_detail, refused, wait_for


@step("fair share: a policy, a queue with it, and jobs of shares")
def _():
    shared = f"{NAME}-shared"
    fairshare = {
        "shareDecaySeconds": 3600, "computeReservation": 1, "shareDistribution": [{"shareIdentifier": "User*", "weightFactor": 0.5}],
    }
    policy = batch.create_scheduling_policy(name=shared, fairsharePolicy=fairshare, tags={"team": "red"})["arn"]
    equal(policy, f"{ARN}:scheduling-policy/{shared}")
    (shown,) = batch.describe_scheduling_policies(arns=[policy])["schedulingPolicies"]
    equal(shown, {"name": shared, "arn": policy, "fairsharePolicy": fairshare, "tags": {"team": "red"}})
    pages = batch.get_paginator("list_scheduling_policies").paginate(PaginationConfig={"PageSize": 1})
    assert {"arn": policy} in [listed for page in pages for listed in page["schedulingPolicies"]]
    batch.create_job_queue(
        jobQueueName=shared, priority=1, schedulingPolicyArn=policy,
        computeEnvironmentOrder=[{"order": 1, "computeEnvironment": environment}])
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
