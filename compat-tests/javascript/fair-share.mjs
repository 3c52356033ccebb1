// Scheduling policies and shares.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paginateListSchedulingPolicies } from '@aws-sdk/client-batch';
import { arn, batch, definition, environment, name, overrides, queues, refused, settled, until, waitFor } from './client.mjs';

test('fair share: a policy, a queue with it, and jobs of shares', async () => {
  const shared = `${name}-shared`;
  const fairsharePolicy = {
    shareDecaySeconds: 3600, computeReservation: 1, shareDistribution: [{ shareIdentifier: 'User*', weightFactor: 0.5 }],
  };
  const policy = (await batch.createSchedulingPolicy({ name: shared, fairsharePolicy, tags: { team: 'red' } })).arn;
  assert.equal(policy, `${arn}:scheduling-policy/${shared}`);
  const shown = async () => (await batch.describeSchedulingPolicies({ arns: [policy] })).schedulingPolicies;
  assert.deepEqual(await shown(), [{ name: shared, arn: policy, fairsharePolicy, tags: { team: 'red' } }]);
  const listed = [];
  for await (const page of paginateListSchedulingPolicies({ client: batch, pageSize: 1 }, {})) listed.push(...page.schedulingPolicies);
  assert.ok(listed.some((listing) => listing.arn === policy));
  await batch.createJobQueue({
    jobQueueName: shared, priority: 1, schedulingPolicyArn: policy,
    computeEnvironmentOrder: [{ order: 1, computeEnvironment: environment }],
  });
  const sharedQueue = () => queues(shared);
  assert.equal((await settled('shared queue', sharedQueue, 'ENABLED')).schedulingPolicyArn, policy);
  const job = { jobName: shared, jobQueue: shared, jobDefinition: definition, containerOverrides: overrides({}, { command: ['true'] }) };
  await refused(batch.submitJob(job), () => 'shareIdentifier must be specified.');
  await refused(
    batch.submitJob({ ...job, shareIdentifier: 'UserA' }),
    () => 'Either schedulingPriority in job definition or schedulingPriorityOverride is required.',
  );
  for (const shareIdentifier of ['UserA', 'other']) {
    const { jobId } = await batch.submitJob({ ...job, shareIdentifier, schedulingPriorityOverride: 7 });
    const done = await waitFor(jobId, 'SUCCEEDED');
    assert.deepEqual([done.shareIdentifier, done.schedulingPriority], [shareIdentifier, 7]);
    const filters = [{ name: 'SHARE_IDENTIFIER', values: [shareIdentifier] }];
    const { jobSummaryList } = await batch.listJobs({ jobQueue: shared, jobStatus: 'SUCCEEDED', filters });
    assert.deepEqual(jobSummaryList.map((summary) => summary.jobId), [jobId]);
  }
  await batch.updateSchedulingPolicy({ arn: policy, fairsharePolicy: { shareDecaySeconds: 60 } });
  assert.deepEqual((await shown())[0].fairsharePolicy, { shareDecaySeconds: 60, shareDistribution: [] });
  await assert.rejects(batch.deleteSchedulingPolicy({ arn: policy }), { name: 'ClientException' });
  await batch.updateJobQueue({ jobQueue: shared, state: 'DISABLED' });
  await settled('shared queue', sharedQueue, 'DISABLED');
  await batch.deleteJobQueue({ jobQueue: shared });
  await until('shared queue is gone', async () => (await sharedQueue()).length === 0);
  await batch.deleteSchedulingPolicy({ arn: policy });
  assert.deepEqual(await shown(), []);
});
