using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.ConsumableResources;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Operations;
using BatchEmulator.Core.Scheduling;
using BatchEmulator.Core.SchedulingPolicies;
using BatchEmulator.Core.ServiceEnvironments;
using BatchEmulator.Core.Storage;

namespace BatchEmulator.Core.Tests;

/// <summary>A store that is the sum of the changes, in memory; and the reads that commands need.</summary>
internal sealed class FoldedStore : IBatchStore, IBatchQueries
{
    private readonly SortedDictionary<long, ComputeEnvironment> _environments = [];
    private readonly SortedDictionary<long, ServiceEnvironment> _serviceEnvironments = [];
    private readonly SortedDictionary<long, ConsumableResource> _consumables = [];
    private readonly SortedDictionary<long, JobQueue> _queues = [];
    private readonly SortedDictionary<long, SchedulingPolicy> _policies = [];
    private readonly SortedDictionary<(string, string), ShareUsage> _shares = [];
    private readonly SortedDictionary<long, JobDefinition> _definitions = [];
    private readonly SortedDictionary<long, JobDefinition> _purged = [];
    private readonly Dictionary<string, Dictionary<string, string>> _tags = new(StringComparer.Ordinal);
    private long _last;

    public Dictionary<string, Job> Jobs { get; } = new(StringComparer.Ordinal);

    public StoredState Load() => new(
        [
            .. _environments.Values.Select(e => new ComputeEnvironmentSaved(e)),
            .. _serviceEnvironments.Values.Select(e => new ServiceEnvironmentSaved(e)),
            .. _consumables.Values.Select(r => new ConsumableResourceSaved(r)),
            .. _policies.Values.Select(p => new SchedulingPolicySaved(p)),
            .. _queues.Values.Select(q => new JobQueueSaved(q)),
            .. _shares.Values.Select(u => new ShareUsageSaved(u)),
            .. _definitions.Values.Select(d => new JobDefinitionSaved(d)),
            .. _purged.Values.Select(d => new JobDefinitionPurged(d)),
            .. Jobs.Values
                .Where(j => !j.Status.IsFinished() || (j.ParentId is { } parent && !Jobs[parent].Status.IsFinished()))
                .OrderBy(j => j.Sequence)
                .Select(j => new JobSaved(j, null)),
        ],
        _last);

    public void Commit(IReadOnlyList<Change> changes)
    {
        foreach (var change in changes)
        {
            switch (change)
            {
                case ComputeEnvironmentSaved { Value: var environment }:
                    _environments[environment.Sequence] = environment;
                    _last = Math.Max(_last, environment.Sequence);
                    break;
                case ComputeEnvironmentRemoved { Value: var environment }:
                    _environments.Remove(environment.Sequence);
                    break;
                case ServiceEnvironmentSaved { Value: var environment }:
                    _serviceEnvironments[environment.Sequence] = environment;
                    _last = Math.Max(_last, environment.Sequence);
                    break;
                case ServiceEnvironmentRemoved { Value: var environment }:
                    _serviceEnvironments.Remove(environment.Sequence);
                    break;
                case ConsumableResourceSaved { Value: var resource }:
                    _consumables[resource.Sequence] = resource;
                    _last = Math.Max(_last, resource.Sequence);
                    break;
                case ConsumableResourceRemoved { Value: var resource }:
                    _consumables.Remove(resource.Sequence);
                    break;
                case JobQueueSaved { Value: var queue }:
                    _queues[queue.Sequence] = queue;
                    _last = Math.Max(_last, queue.Sequence);
                    break;
                case JobQueueRemoved { Value: var queue }:
                    _queues.Remove(queue.Sequence);
                    foreach (var key in _shares.Keys.Where(k => k.Item1 == queue.Arn).ToList())
                    {
                        _shares.Remove(key);
                    }

                    break;
                case SchedulingPolicySaved { Value: var policy }:
                    _policies[policy.Sequence] = policy;
                    _last = Math.Max(_last, policy.Sequence);
                    break;
                case SchedulingPolicyRemoved { Value: var policy }:
                    _policies.Remove(policy.Sequence);
                    break;
                case ShareUsageSaved { Value: var usage }:
                    _shares[(usage.JobQueueArn, usage.ShareIdentifier)] = usage;
                    break;
                case ShareUsageRemoved { Value: var usage }:
                    _shares.Remove((usage.JobQueueArn, usage.ShareIdentifier));
                    break;
                case JobDefinitionPurged { Value: var definition }:
                    _definitions.Remove(definition.Sequence);
                    _purged[definition.Sequence] = definition;
                    break;
                case JobDefinitionSaved { Value: var definition }:
                    _definitions[definition.Sequence] = definition;
                    _last = Math.Max(_last, definition.Sequence);
                    break;
                case TagsPatched { Arn: var arn, Patch: var patch }:
                    _tags[arn] = patch.Where(t => t.Value is not null).ToDictionary(t => t.Key, t => t.Value!);
                    break;
                case JobSaved { Value: var job }:
                    Jobs[job.Id] = job;
                    _last = Math.Max(_last, job.Sequence);
                    break;
            }
        }
    }

    public SubmissionReads Known(Wire.SubmitJobRequest request) => SubmissionReads.Read(this, Emulation.Scope, request);

    IReadOnlyList<Tagged<Job>> IBatchQueries.Jobs(Scope scope, IReadOnlyCollection<string> ids) =>
        [.. ids.Where(Jobs.ContainsKey).Select(id => new Tagged<Job>(Jobs[id], new Dictionary<string, string>()))];

    public IReadOnlyList<JobStatus> ChildStatuses(Job arrayParent) =>
        [.. Enumerable.Range(0, arrayParent.Specification.ArraySize!.Value).Select(i => Jobs[JobIds.Child(arrayParent.Id, i)].Status)];

    public IReadOnlyList<Tagged<ComputeEnvironment>> ComputeEnvironments(ResourceQuery query) => throw new NotSupportedException();

    public IReadOnlyList<Tagged<ServiceEnvironment>> ServiceEnvironments(ResourceQuery query) => throw new NotSupportedException();

    public IReadOnlyList<Tagged<JobQueue>> JobQueues(ResourceQuery query) => throw new NotSupportedException();

    public IReadOnlyList<Tagged<ConsumableResource>> ConsumableResources(ResourceQuery query) => throw new NotSupportedException();

    public IReadOnlyList<Job> Consumers(ConsumerQuery query) => throw new NotSupportedException();

    public bool HasClientToken(Scope scope, string token) => Jobs.Values.Any(j => j.Scope == scope && j.Specification.Service?.ClientToken == token);

    public IReadOnlyList<Tagged<SchedulingPolicy>> SchedulingPolicies(ResourceQuery query) => throw new NotSupportedException();

    public IReadOnlyList<Tagged<JobDefinition>> JobDefinitions(JobDefinitionQuery query) =>
    [
        .. _definitions.Values.Reverse()
            .Where(d => query.Arns?.Contains(d.Arn) ?? (d.Name == query.Name && d.IsActive == query.IsActive))
            .Take(query.Limit)
            .Select(d => new Tagged<JobDefinition>(d, _tags.GetValueOrDefault(d.Arn) ?? [])),
    ];

    public JobPage ListJobs(JobQuery query) => throw new NotSupportedException();

    public EntityCounts Count() => throw new NotSupportedException();

    public IReadOnlyDictionary<string, string>? Tags(Scope scope, string arn) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
