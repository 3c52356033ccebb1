// Quota shares.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arn, batch, executor, image, name, queues, settled, until } from './client.mjs';

const quota = `${name}-quota`;
const limit = (maxCapacity) => [{ capacityUnit: 'ml.m5.large', maxCapacity }];

test('quota shares: lent capacity is taken back from a borrower', async () => {
  await batch.createServiceEnvironment({
    serviceEnvironmentName: quota, serviceEnvironmentType: 'SAGEMAKER_TRAINING', capacityLimits: limit(2),
  });
  const serviceEnvironments = async () =>
    (await batch.describeServiceEnvironments({ serviceEnvironments: [quota] })).serviceEnvironments;
  await settled('service environment', serviceEnvironments, 'ENABLED');
  const policy = (await batch.createSchedulingPolicy({ name: quota, quotaSharePolicy: { idleResourceAssignmentStrategy: 'FIFO' } })).arn;
  await batch.createJobQueue({
    jobQueueName: quota, jobQueueType: 'SAGEMAKER_TRAINING', priority: 1, schedulingPolicyArn: policy,
    serviceEnvironmentOrder: [{ order: 1, serviceEnvironment: quota }],
  });
  const quotaQueue = () => queues(quota);
  await settled('quota queue', quotaQueue, 'ENABLED');
  const shares = {};
  for (const strategy of ['LEND', 'LEND_AND_BORROW']) {
    const { quotaShareArn } = await batch.createQuotaShare({
      quotaShareName: strategy, jobQueue: quota, capacityLimits: limit(1), resourceSharingConfiguration: { strategy },
      preemptionConfiguration: { inSharePreemption: 'DISABLED' },
    });
    assert.equal(quotaShareArn, `${arn}:job-queue/${quota}/quota-share/${strategy}`);
    shares[strategy] = quotaShareArn;
    await settled(`share ${strategy}`, async () => [await batch.describeQuotaShare({ quotaShareArn })], 'ENABLED');
  }
  const listed = (await batch.listQuotaShares({ jobQueue: quota })).quotaShares;
  assert.deepEqual(listed.map((share) => share.resourceSharingConfiguration), [{ strategy: 'LEND' }, { strategy: 'LEND_AND_BORROW', borrowLimit: -1 }]);

  const submit = async (quotaShareName) => (await batch.submitServiceJob({
    jobName: quota, jobQueue: quota, quotaShareName, serviceJobType: 'SAGEMAKER_TRAINING',
    serviceRequestPayload: JSON.stringify({
      AlgorithmSpecification: { TrainingImage: image, TrainingInputMode: 'File', ContainerEntrypoint: ['sleep'], ContainerArguments: ['600'] },
      ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 1 },
      Environment: executor === 'simulated' ? { SIMULATE_RUN_FOR: '600' } : {},
    }),
  })).jobId;
  const status = (jobId, expected) => until(`service job is ${expected}`, async () => {
    const job = await batch.describeServiceJob({ jobId });
    return job.status === expected && job;
  });
  const [kept, borrowing] = [await submit('LEND_AND_BORROW'), await submit('LEND_AND_BORROW')];
  await status(kept, 'RUNNING');
  await status(borrowing, 'RUNNING');
  const own = await submit('LEND');
  await status(own, 'RUNNING');
  const preempted = await status(borrowing, 'RUNNABLE');
  assert.deepEqual([preempted.attempts, preempted.preemptionSummary.preemptedAttemptCount], [[], 1]);
  const snapshot = await batch.getJobQueueSnapshot({ jobQueue: quota });
  assert.deepEqual(Object.entries(snapshot.frontOfQuotaShares.quotaShares).map(([share, jobs]) => [share, jobs.map((job) => job.jobArn)]), [
    ['LEND', []], ['LEND_AND_BORROW', [preempted.jobArn]],
  ]);
  const filters = [{ name: 'QUOTA_SHARE_NAME', values: ['LEND'] }];
  assert.deepEqual((await batch.listServiceJobs({ jobQueue: quota, filters })).jobSummaryList.map((summary) => summary.jobId), [own]);

  for (const quotaShareArn of Object.values(shares)) {
    await batch.updateQuotaShare({ quotaShareArn, state: 'DISABLED' });
    await settled('share', async () => [await batch.describeQuotaShare({ quotaShareArn })], 'DISABLED');
    await batch.deleteQuotaShare({ quotaShareArn });
  }
  await until('shares are gone', async () => (await batch.listQuotaShares({ jobQueue: quota })).quotaShares.length === 0);
  await status(own, 'FAILED');
  await batch.updateJobQueue({ jobQueue: quota, state: 'DISABLED' });
  await settled('quota queue', quotaQueue, 'DISABLED');
  await batch.deleteJobQueue({ jobQueue: quota });
  await until('quota queue is gone', async () => (await quotaQueue()).length === 0);
  await batch.deleteSchedulingPolicy({ arn: policy });
  await batch.updateServiceEnvironment({ serviceEnvironment: quota, state: 'DISABLED' });
  await settled('service environment', serviceEnvironments, 'DISABLED');
  await batch.deleteServiceEnvironment({ serviceEnvironment: quota });
});
