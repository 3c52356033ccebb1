// Service jobs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arn, batch, executor, image, logs, name, queues, settled, statuses, until } from './client.mjs';

test('service jobs: an environment, a queue of it, and a training job', async () => {
  const training = `${name}-training`;
  const capacityLimits = [{ capacityUnit: 'NUM_INSTANCES', maxCapacity: 2 }];
  const created = await batch.createServiceEnvironment({
    serviceEnvironmentName: training, serviceEnvironmentType: 'SAGEMAKER_TRAINING', capacityLimits,
  });
  assert.equal(created.serviceEnvironmentArn, `${arn}:service-environment/${training}`);
  const serviceEnvironments = async () =>
    (await batch.describeServiceEnvironments({ serviceEnvironments: [training] })).serviceEnvironments;
  assert.deepEqual((await settled('service environment', serviceEnvironments, 'ENABLED')).capacityLimits, capacityLimits);
  await batch.createJobQueue({
    jobQueueName: training, jobQueueType: 'SAGEMAKER_TRAINING', priority: 1,
    serviceEnvironmentOrder: [{ order: 1, serviceEnvironment: training }],
    jobStateTimeLimitActions: [
      { state: 'RUNNABLE', action: 'TERMINATE', reason: 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY', maxTimeSeconds: 600 },
    ],
  });
  const trainingQueue = () => queues(training);
  const shown = await settled('training queue', trainingQueue, 'ENABLED');
  assert.deepEqual(shown.computeEnvironmentOrder, []);
  assert.equal(shown.serviceEnvironmentOrder[0].serviceEnvironment, created.serviceEnvironmentArn);
  const request = {
    TrainingJobName: 'fit',
    AlgorithmSpecification: {
      TrainingImage: image, TrainingInputMode: 'File', ContainerEntrypoint: ['sh', '-c'], ContainerArguments: ['echo "epoch $EPOCH"'],
    },
    ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 2, VolumeSizeInGB: 1 },
    Environment: { EPOCH: '1', ...(executor === 'simulated' ? { SIMULATE_OUTPUT: 'epoch 1' } : {}) },
  };
  const { jobId, jobArn } = await batch.submitServiceJob({
    jobName: training, jobQueue: training, serviceJobType: 'SAGEMAKER_TRAINING',
    serviceRequestPayload: JSON.stringify(request), timeoutConfig: { attemptDurationSeconds: 60 },
  });
  assert.equal(jobArn, `${arn}:service-job/${jobId}`);
  const done = await until('service job has ended', async () => {
    const job = await batch.describeServiceJob({ jobId });
    return ['SUCCEEDED', 'FAILED'].includes(job.status) && job;
  });
  assert.deepEqual([done.status, done.statusReason], ['SUCCEEDED', 'Received status from SageMaker: Training job completed']);
  await until('events of the service job', async () => statuses(jobArn).at(-1) === 'SUCCEEDED');
  assert.deepEqual(statuses(jobArn), ['RUNNABLE', 'SCHEDULED', 'STARTING', 'RUNNING', 'SUCCEEDED']);
  const trainingJob = done.latestAttempt.serviceResourceId.value.split('/')[1];
  const { events } = await logs.filterLogEvents({ logGroupName: '/aws/sagemaker/TrainingJobs', logStreamNamePrefix: trainingJob });
  assert.deepEqual(events.map((event) => event.message), ['epoch 1']);
  const listed = (await batch.listServiceJobs({ jobQueue: training, jobStatus: 'SUCCEEDED' })).jobSummaryList;
  assert.deepEqual(listed.map((summary) => [summary.jobId, summary.latestAttempt.serviceResourceId.name]), [[jobId, 'TrainingJobArn']]);
  await batch.terminateServiceJob({ jobId, reason: 'too late to matter' });
  await batch.updateJobQueue({ jobQueue: training, state: 'DISABLED' });
  await settled('training queue', trainingQueue, 'DISABLED');
  await batch.deleteJobQueue({ jobQueue: training });
  await until('training queue is gone', async () => (await trainingQueue()).length === 0);
  await batch.updateServiceEnvironment({ serviceEnvironment: training, state: 'DISABLED' });
  await settled('service environment', serviceEnvironments, 'DISABLED');
  await batch.deleteServiceEnvironment({ serviceEnvironment: training });
  await until('service environment is gone', async () => (await serviceEnvironments()).length === 0);
});
