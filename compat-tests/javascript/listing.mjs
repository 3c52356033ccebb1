// Pages of lists, and tags.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paginateDescribeJobDefinitions, paginateListJobs } from '@aws-sdk/client-batch';
import { batch, definition, definitionArn, name, overrides, queue, submit, waitFor } from './client.mjs';
import { greeting } from './runs.mjs';

test('paging: job definitions', async () => {
  const first = await batch.describeJobDefinitions({ jobDefinitionName: definition, maxResults: 1 });
  const second = await batch.describeJobDefinitions({ jobDefinitionName: definition, maxResults: 1, nextToken: first.nextToken });
  assert.deepEqual([...first.jobDefinitions, ...second.jobDefinitions].map((d) => d.revision), [2, 1]);
  assert.equal(second.nextToken, undefined);
  const revisions = [];
  for await (const page of paginateDescribeJobDefinitions(
    { client: batch, pageSize: 1 }, { jobDefinitionName: definition, status: 'ACTIVE' })) {
    revisions.push(...page.jobDefinitions.map((d) => d.revision));
  }
  assert.deepEqual(revisions, [2, 1]);
});

test('paging: jobs', async () => {
  const submitted = [];
  for (let n = 0; n < 5; n++) {
    submitted.push(await submit(`page-${n}`, { containerOverrides: overrides({}, { command: ['true'] }) }));
  }
  for (const { jobId } of submitted) await waitFor(jobId, 'SUCCEEDED');
  const filters = [{ name: 'JOB_NAME', values: [`${name}-page-*`] }];
  const sizes = [];
  const ids = [];
  let nextToken;
  do {
    const page = await batch.listJobs({ jobQueue: queue, filters, maxResults: 2, nextToken });
    sizes.push(page.jobSummaryList.length);
    ids.push(...page.jobSummaryList.map((job) => job.jobId));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  assert.deepEqual(sizes, [2, 2, 1], 'sizes of the pages');
  assert.deepEqual(ids.sort(), submitted.map((job) => job.jobId).sort());
  const found = [];
  for await (const page of paginateListJobs({ client: batch, pageSize: 2 }, { jobQueue: queue, jobStatus: 'SUCCEEDED' })) {
    found.push(...page.jobSummaryList);
  }
  assert.deepEqual(found.map((job) => job.jobName).sort(), [`${name}-greeting`, ...submitted.map((job) => job.jobName)].sort());
  const created = found.map((job) => job.createdAt);
  assert.deepEqual(created, [...created].sort((a, b) => b - a), 'order of the list');
});

test('tags: tag, list and untag', async () => {
  const resourceArn = `${definitionArn}:2`;
  const added = { 'with space': 'a b', 'path/to:x=y@z': '1+1', plain: 'ü' };
  await batch.tagResource({ resourceArn, tags: added });
  assert.deepEqual({ ...(await batch.listTagsForResource({ resourceArn })).tags }, { client: name, ...added });
  await batch.untagResource({ resourceArn, tagKeys: ['with space', 'path/to:x=y@z'] });
  assert.deepEqual({ ...(await batch.listTagsForResource({ resourceArn })).tags }, { client: name, plain: 'ü' });
  assert.deepEqual({ ...(await batch.listTagsForResource({ resourceArn: greeting.jobArn })).tags }, { team: 'red' });
});
