"""Pages of lists, and tags."""

import runs
from checks import equal, step
from client import NAME, batch, definition, definition_arn, overrides, queue, submit, wait_for


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
    equal(batch.list_tags_for_resource(resourceArn=runs.greeting["jobArn"])["tags"], {"team": "red"})
