using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.ConsumableResources;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Scheduling;
using BatchEmulator.Core.SchedulingPolicies;
using BatchEmulator.Core.ServiceEnvironments;

namespace BatchEmulator.Core.Engine;

/// <summary>
/// Everything that is there and not finished, owned by one thread. <see cref="Apply"/> is the only way to change it, so that memory is the
/// sum of the changes; what is derived (queues of runnable jobs, usage, timers) is kept in step there.
/// </summary>
public sealed class BatchState
{
    private readonly Dictionary<string, ComputeEnvironment> _computeEnvironments = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ServiceEnvironment> _serviceEnvironments = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ConsumableResource> _consumableResources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JobQueue> _jobQueues = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SchedulingPolicy> _schedulingPolicies = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Job> _jobs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _jobsInQueue = new(StringComparer.Ordinal);
    private readonly ClientTokens _clientTokens = new();
    private readonly SortedSet<string> _queuesBeingDeleted = new(StringComparer.Ordinal);

    public BatchState(EngineOptions options)
    {
        Options = options;
        Environments = new Environments(_computeEnvironments, _serviceEnvironments);
        Clear();
    }

    public EngineOptions Options { get; }

    /// <summary>By ARN.</summary>
    public IReadOnlyDictionary<string, ComputeEnvironment> ComputeEnvironments => _computeEnvironments;

    /// <summary>By ARN.</summary>
    public IReadOnlyDictionary<string, ServiceEnvironment> ServiceEnvironments => _serviceEnvironments;

    /// <summary>By ARN.</summary>
    public IReadOnlyDictionary<string, ConsumableResource> ConsumableResources => _consumableResources;

    /// <summary>By ARN.</summary>
    public IReadOnlyDictionary<string, JobQueue> JobQueues => _jobQueues;

    /// <summary>By ARN.</summary>
    public IReadOnlyDictionary<string, SchedulingPolicy> SchedulingPolicies => _schedulingPolicies;

    /// <summary>Jobs that are not finished, by id; and of a multi-node parallel job that is not, the nodes that are.</summary>
    public IReadOnlyDictionary<string, Job> Jobs => _jobs;

    /// <summary>How many unfinished jobs a queue has.</summary>
    public int CountJobs(JobQueue queue) => _jobsInQueue.GetValueOrDefault(queue.Arn);

    /// <summary>Whether a service job with a client token is there and not finished.</summary>
    public bool HasClientToken(Scope scope, string token) => _clientTokens.Has(scope, token);

    internal Environments Environments { get; }

    internal RunnableJobs Runnable { get; } = new();

    /// <summary>The shares of a job's queue; null when the queue has no fair-share policy.</summary>
    internal FairShare? SharesOf(Job job) => Runnable.SharesOf(job.Specification.JobQueueArn);

    /// <summary>By queue: the job at its head, if that can be placed nowhere.</summary>
    internal Dictionary<string, string> Blocked { get; } = new(StringComparer.Ordinal);

    internal DependencyGraph Dependencies { get; } = new();

    /// <summary>Arrays that are not finished, by the parent's id.</summary>
    internal IReadOnlyDictionary<string, ArrayProgress> Arrays => Dependencies.Arrays;

    internal CapacityLedger Capacity { get; } = new();

    internal TimerQueue Timers { get; } = new();

    internal JobDefinitionCatalog Definitions { get; } = new();

    /// <summary>When <see cref="Upkeep"/> is next due. No timer: nothing else depends on its hour.</summary>
    internal DateTimeOffset UpkeepAt { get; set; }

    /// <summary>Number of the next placement: attempts that wait for the machine get it in this order.</summary>
    internal long NextPlacement { get; private set; }

    /// <summary>Queues that are gone once their last job has ended.</summary>
    internal IReadOnlyCollection<string> QueuesBeingDeleted => _queuesBeingDeleted;

    /// <summary>The next place in the total order of everything created.</summary>
    public long NextSequence { get; private set; }

    /// <summary>Whether something happened since the last scheduling pass that could let a job be placed.</summary>
    internal bool NeedsScheduling { get; set; }

    public JobDefinitionFamily? FindDefinitions(Scope scope, string name) => Definitions.Find(scope, name);

    /// <summary>Places below <paramref name="sequence"/> are taken, by what is loaded or by what is finished and no longer here.</summary>
    public void ReserveSequence(long sequence) => NextSequence = Math.Max(NextSequence, sequence + 1);

    public void Apply(Change change)
    {
        switch (change)
        {
            case JobSaved { Value: var job }:
                SaveJob(job);
                break;
            case ShareUsageSaved { Value: var usage }:
                Runnable.SharesOf(usage.JobQueueArn)!.Note(usage);
                break;
            case ShareUsageRemoved { Value: var usage }:
                Runnable.SharesOf(usage.JobQueueArn)!.Forget(usage);
                break;
            case JobDefinitionSaved { Value: var definition }:
                ReserveSequence(definition.Sequence);
                Definitions.Save(definition);
                break;
            case JobDefinitionPurged { Value: var definition }:
                ReserveSequence(definition.Sequence);
                Definitions.Purge(definition);
                break;
            case EverythingRemoved:
                Clear();
                break;
            case TagsPatched or FinishedJobsExpired:
                break; // Tags and finished jobs live in the store only.
            default:
                ApplyToResource(change);
                break;
        }
    }

    private void ApplyToResource(Change change)
    {
        switch (change)
        {
            case ComputeEnvironmentSaved { Value: var environment }:
                _computeEnvironments[environment.Arn] = environment;
                AfterResource(environment.Sequence, environment.SettlesAt, new ComputeEnvironmentSettles(environment.Arn));
                break;
            case ComputeEnvironmentRemoved { Value: var environment }:
                _computeEnvironments.Remove(environment.Arn);
                break;
            case ServiceEnvironmentSaved { Value: var environment }:
                _serviceEnvironments[environment.Arn] = environment;
                AfterResource(environment.Sequence, environment.SettlesAt, new ServiceEnvironmentSettles(environment.Arn));
                break;
            case ServiceEnvironmentRemoved { Value: var environment }:
                _serviceEnvironments.Remove(environment.Arn);
                break;
            case ConsumableResourceSaved { Value: var resource }:
                _consumableResources[resource.Arn] = resource;
                AfterResource(resource.Sequence, null, null);
                break;
            case ConsumableResourceRemoved { Value: var resource }:
                _consumableResources.Remove(resource.Arn);
                break;
            case JobQueueSaved { Value: var queue }:
                _jobQueues[queue.Arn] = queue;
                KeepBeingDeleted(queue);
                Runnable.Place(queue, PolicyOf(queue));
                AfterResource(queue.Sequence, queue.SettlesAt, new JobQueueSettles(queue.Arn));
                if (Blocked.TryGetValue(queue.Arn, out var head))
                {
                    KeepBlockedTime(_jobs[head]);
                }

                break;
            case JobQueueRemoved { Value: var queue }:
                _jobQueues.Remove(queue.Arn);
                _queuesBeingDeleted.Remove(queue.Arn);
                _jobsInQueue.Remove(queue.Arn);
                Runnable.Remove(queue);
                break;
            case SchedulingPolicySaved { Value: var policy }:
                SavePolicy(policy);
                break;
            case SchedulingPolicyRemoved { Value: var policy }:
                _schedulingPolicies.Remove(policy.Arn);
                break;
            default:
                throw new NotSupportedException(change.GetType().Name);
        }
    }

    private void KeepBeingDeleted(JobQueue queue)
    {
        if (queue.Status == ResourceStatus.Deleting)
        {
            _queuesBeingDeleted.Add(queue.Arn);
        }
        else
        {
            _queuesBeingDeleted.Remove(queue.Arn);
        }
    }

    private void AfterResource(long sequence, DateTimeOffset? settlesAt, Due? due)
    {
        ReserveSequence(sequence);
        NeedsScheduling = true;
        if (settlesAt is { } at)
        {
            Timers.Add(at, due!);
        }
    }

    private void SavePolicy(SchedulingPolicy policy)
    {
        _schedulingPolicies[policy.Arn] = policy;
        AfterResource(policy.Sequence, null, null);
        foreach (var queue in _jobQueues.Values.Where(q => q.SchedulingPolicyArn == policy.Arn))
        {
            Runnable.Place(queue, policy);
        }
    }

    private SchedulingPolicy? PolicyOf(JobQueue queue) => queue.SchedulingPolicyArn is { } arn ? _schedulingPolicies[arn] : null;

    private void SaveJob(Job job)
    {
        // The parts of a job take the places behind its own, also those that are not there yet.
        ReserveSequence(job.Sequence + (job.IsMultiNode ? job.Specification.Parts : 0));
        NextPlacement = Math.Max(NextPlacement, (job.Current?.Placement ?? 0) + 1);
        var before = _jobs.GetValueOrDefault(job.Id);
        if (job.Status.IsFinished() && !(job.IsNode && _jobs.ContainsKey(job.ParentId!)))
        {
            _jobs.Remove(job.Id);
        }
        else
        {
            _jobs[job.Id] = job;
        }

        _clientTokens.Keep(job);
        if (!job.IsNode)
        {
            KeepRunnable(before, job);
            KeepBlocked(before, job);
            KeepTimeout(before, job);
        }

        KeepCapacity(before, job);
        if (!job.IsNode)
        {
            Dependencies.Follow(before, job, _jobs.ContainsKey);
        }

        if (job.IsMultiNode && job.Status.IsFinished())
        {
            LeaveNodesAlone(job);
        }

        // Last: a share without jobs and usage is forgotten.
        Count(job, CountOf(job) - CountOf(before));
    }

    private static int CountOf(Job? job) => job?.Status.IsFinished() == false ? 1 : 0;

    private void Count(Job job, int difference)
    {
        var queue = job.Specification.JobQueueArn;
        _jobsInQueue[queue] = _jobsInQueue.GetValueOrDefault(queue) + difference;
        SharesOf(job)?.Count(job, difference);
    }

    private void KeepRunnable(Job? before, Job job)
    {
        if (before?.Status == JobStatus.Runnable && job.Status != JobStatus.Runnable)
        {
            Runnable.Remove(before);
            // One that ended while it waited may have stood at the head and held back those behind it.
            NeedsScheduling |= job.Status.IsFinished();
        }
        else if (before?.Status != JobStatus.Runnable && job.Status == JobStatus.Runnable)
        {
            Runnable.Add(job);
            NeedsScheduling = true;
            if (job.Service?.NotBefore is { } at)
            {
                Timers.Add(at, new JobMayBePlaced());
            }
        }
        else if (job.Status == JobStatus.Runnable)
        {
            Runnable.Replace(before!, job);
            NeedsScheduling |= before!.SchedulingPriority != job.SchedulingPriority;
        }
    }

    private void KeepBlocked(Job? before, Job job)
    {
        if (job.BlockedSince is not null)
        {
            Blocked[job.Specification.JobQueueArn] = job.Id;
            KeepBlockedTime(job);
        }
        else if (before?.BlockedSince is not null)
        {
            Blocked.Remove(job.Specification.JobQueueArn);
        }
    }

    private void KeepBlockedTime(Job job)
    {
        foreach (var action in JobQueues[job.Specification.JobQueueArn].JobStateTimeLimitActions.Where(a => BlockedReason.IsNamedBy(job.StatusReason, a)))
        {
            Timers.Add(job.BlockedSince!.Value.AddSeconds(action.MaxTimeSeconds!.Value), new JobBlockedTooLong(job.Id));
        }
    }

    private void KeepTimeout(Job? before, Job job)
    {
        if (job.Status == JobStatus.Running && before?.Status != JobStatus.Running && job.Specification.Timeout?.AttemptDurationSeconds is { } seconds)
        {
            Timers.Add(job.Current!.StartedAt!.Value.AddSeconds(seconds), new AttemptTimesOut(job.Id, job.Current.Number));
        }
    }

    /// <summary>A multi-node parallel job is over: its nodes that still run hold by themselves from now on what it held for all.</summary>
    private void LeaveNodesAlone(Job job)
    {
        foreach (var node in NodeProgress.NodesOf(this, job))
        {
            if (node.Status.IsFinished())
            {
                _jobs.Remove(node.Id);
            }
            else if (node.Current is { } current)
            {
                Hold(node, current);
            }
        }
    }

    private void KeepCapacity(Job? before, Job job)
    {
        if (job.IsNode && _jobs.ContainsKey(job.ParentId!))
        {
            return;
        }

        var held = before?.Status.IsPlaced() == true ? before.Current : null;
        var holds = job.Status.IsPlaced() ? job.Current : null;
        if (held is not null && holds is null)
        {
            Capacity.Release(held.ComputeEnvironmentArn, job);
            SharesOf(job)?.Hold(job, -job.Needs.MilliVcpus);
            NeedsScheduling = true;
        }
        else if (held is null && holds is not null)
        {
            Hold(job, holds);
        }
    }

    private void Hold(Job job, CurrentAttempt attempt)
    {
        Capacity.Take(attempt.ComputeEnvironmentArn, job);
        SharesOf(job)?.Hold(job, job.Needs.MilliVcpus);
    }

    private void Clear()
    {
        _computeEnvironments.Clear();
        _serviceEnvironments.Clear();
        _consumableResources.Clear();
        _jobQueues.Clear();
        _schedulingPolicies.Clear();
        Definitions.Clear();
        _jobs.Clear();
        _jobsInQueue.Clear();
        _queuesBeingDeleted.Clear();
        _clientTokens.Clear();
        Runnable.Clear();
        Blocked.Clear();
        Dependencies.Clear();
        Capacity.Clear();
        Timers.Clear();
        NextSequence = 1;
        NextPlacement = 1;
        UpkeepAt = DateTimeOffset.MinValue;
    }
}
