// Requests that are refused.

import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { batch, definition, queue, refused, wrapped } from './client.mjs';

test('error: unknown queue', () => refused(
  batch.submitJob({ jobName: 'a', jobQueue: 'nope', jobDefinition: definition }),
  () => 'JobQueue nope not found.',
));

test('error: bad job name', () => refused(
  batch.submitJob({ jobName: 'a.b', jobQueue: queue, jobDefinition: definition }),
  wrapped('Job name should match valid pattern'),
));

test('error: unknown definition', () => refused(
  batch.submitJob({ jobName: 'a', jobQueue: queue, jobDefinition: 'nope' }),
  () => 'JobDefinition name nope does not exist or is not in ACTIVE status.',
));

test('error: parameter without a value', () => refused(
  batch.submitJob({ jobName: 'a', jobQueue: queue, jobDefinition: definition, containerOverrides: { command: ['echo', 'Ref::nothing'] } }),
  () => 'Unable to substitute value. No parameter found for reference nothing',
));

test('error: bad compute environment name', () => refused(
  batch.createComputeEnvironment({ computeEnvironmentName: 'not a name!', type: 'MANAGED' }),
  wrapped('Compute Environment name should match a valid pattern.'),
));

test('error: more than 100 job ids', () => refused(
  batch.describeJobs({ jobs: Array.from({ length: 101 }, () => randomUUID()) }),
  wrapped('Maximum number of jobs supported is  100 .'),
));
