// The resources that the steps after them use.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  batch, definition, definitionArn, environment, environmentArn, environments, greet, image, name, queue, queueArn, queues, settled,
  statuses, until,
} from './client.mjs';

test('compute environment: CREATING, then VALID', async () => {
  const created = await batch.createComputeEnvironment({
    computeEnvironmentName: environment,
    type: 'MANAGED',
    computeResources: {
      type: 'EC2', minvCpus: 0, maxvCpus: 256, instanceTypes: ['optimal'], instanceRole: 'ecsInstanceRole',
      subnets: ['subnet-1'], securityGroupIds: ['sg-1'],
    },
  });
  assert.equal(created.computeEnvironmentArn, environmentArn);
  const detail = await settled('environment', environments, 'ENABLED');
  assert.equal(detail.statusReason, 'ComputeEnvironment Healthy');
  await until('events are CREATING, VALID', () => statuses(environmentArn).join() === 'CREATING,VALID');
});

test('job queue: CREATING, then VALID', async () => {
  const created = await batch.createJobQueue({
    jobQueueName: queue, priority: 1, computeEnvironmentOrder: [{ order: 1, computeEnvironment: environment }],
  });
  assert.equal(created.jobQueueArn, queueArn);
  const detail = await settled('queue', queues, 'ENABLED');
  assert.equal(detail.statusReason, 'JobQueue Healthy');
  assert.deepEqual(detail.computeEnvironmentOrder, [{ order: 1, computeEnvironment: environmentArn }]);
  await until('events are CREATING, VALID', () => statuses(queueArn).join() === 'CREATING,VALID');
});

test('job definition: two revisions', async () => {
  for (const revision of [1, 2]) {
    const registered = await batch.registerJobDefinition({
      jobDefinitionName: definition,
      type: 'container',
      parameters: { who: 'nobody' },
      tags: { client: name },
      containerProperties: {
        image,
        command: ['sh', '-c', greet, 'sh', 'Ref::who'],
        environment: [{ name: 'GREETING', value: 'none' }],
        resourceRequirements: [{ type: 'VCPU', value: '1' }, { type: 'MEMORY', value: '64' }],
      },
    });
    assert.equal(registered.revision, revision);
    assert.equal(registered.jobDefinitionArn, `${definitionArn}:${revision}`);
  }
});
