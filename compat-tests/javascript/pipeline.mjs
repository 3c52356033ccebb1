// Arrays and dependencies.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paginateListJobs } from '@aws-sdk/client-batch';
import { batch, describe, executor, overrides, submit, waitFor } from './client.mjs';

/** The children of an array that have succeeded, by index. */
async function children(arrayJobId) {
  const byIndex = [];
  for await (const page of paginateListJobs({ client: batch }, { arrayJobId, jobStatus: 'SUCCEEDED' })) {
    for (const child of page.jobSummaryList) byIndex[child.arrayProperties.index] = child;
  }
  return byIndex;
}

test('pipeline: an array, its pairs, and a job after them', async () => {
  const size = executor === 'simulated' ? 1000 : 50;
  const isChild = `test "$AWS_BATCH_JOB_ARRAY_SIZE" = ${size} && test "$AWS_BATCH_JOB_ARRAY_INDEX" -lt ${size}`;
  const array = { arrayProperties: { size }, containerOverrides: overrides({}, { command: ['sh', '-c', isChild] }) };
  const alone = { containerOverrides: overrides({}, { command: ['sh', '-c', 'test -z "$AWS_BATCH_JOB_ARRAY_INDEX"'] }) };
  const began = performance.now();
  const first = await submit('first', array);
  const second = await submit('second', { ...array, dependsOn: [{ jobId: first.jobId, type: 'N_TO_N' }] });
  const last = await submit('last', { ...alone, dependsOn: [{ jobId: second.jobId }] });
  const end = await waitFor(last.jobId, 'SUCCEEDED', 10);
  const seconds = (performance.now() - began) / 1000;
  assert.ok(executor !== 'simulated' || seconds < 2, `it took ${seconds.toFixed(2)} s`);
  for (const { jobId } of [first, second]) {
    const { status, arrayProperties } = await describe(jobId);
    assert.equal(status, 'SUCCEEDED');
    assert.equal(arrayProperties.statusSummary.SUCCEEDED, size);
  }
  const [before, after] = [await children(first.jobId), await children(second.jobId)];
  assert.deepEqual([before.length, after.length], [size, size], 'number of children');
  for (let index = 0; index < size; index++) {
    assert.ok(before[index].stoppedAt <= after[index].startedAt && after[index].startedAt <= end.startedAt, `pair ${index}`);
  }
});
