using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Scheduling.Orderings;
using BatchEmulator.Core.ServiceEnvironments;

namespace BatchEmulator.Core.Scheduling;

/// <summary>
/// Finds places for runnable jobs, as a function from a snapshot to a plan (User Guide, "Job queues" and "Compute environments"):
/// <list type="number">
/// <item>Queues are served by priority.</item>
/// <item><item>Within a queue, jobs are placed in its order; a head that cannot be placed blocks those behind it.</item></item>
/// <item>A job goes to the first compute environment of its queue that has room, or to the queue's service environment.</item>
/// </list>
/// The cost of the pass is proportional to the placed jobs plus the queues, however many jobs wait.
/// </summary>
internal sealed class SchedulingPass(SchedulingSnapshot snapshot)
{
    /// <summary>Limits the work of one turn; the rest is placed in the next.</summary>
    public const int MaximumDecisions = 2_000;

    private readonly List<Decision> _decisions = [];
    private readonly List<QueueHead> _heads = [];
    private readonly TentativeHoldings _holdings = new(snapshot);

    public SchedulingPlan Run()
    {
        foreach (var queue in snapshot.Queues)
        {
            if (!Serve(queue))
            {
                return new SchedulingPlan(_decisions, [], IsComplete: false);
            }
        }

        return new SchedulingPlan(_decisions, _heads, IsComplete: true);
    }

    /// <returns>False if the plan is full.</returns>
    private bool Serve(JobQueue queue)
    {
        var jobs = snapshot.OrderingOf(queue.Arn).Begin(snapshot.Now);
        var head = new QueueHead(queue, null, [], []);
        double? maximum = null;
        while (jobs.Head is { } job)
        {
            var (environment, ofEnvironments) = Choose(queue, job);
            head = new QueueHead(
                queue, job, [.. CheckJob(job, jobs, maximum ??= MaximumOf(queue))], environment is null ? ofEnvironments : []);
            if (environment is null || head.OfJob.Count > 0)
            {
                break;
            }

            if (_decisions.Count == MaximumDecisions)
            {
                return false;
            }

            Decide(job, environment);
            jobs.Take(isPlaced: job.Specification.DispatchFailure is null);
            head = new QueueHead(queue, null, [], []);
        }

        _heads.Add(head);
        return true;
    }

    private void Decide(Job job, string environmentArn)
    {
        if (job.Specification.DispatchFailure is { } failure)
        {
            _decisions.Add(new Reject(job, failure));
        }
        else
        {
            _decisions.Add(new Place(job, environmentArn));
            _holdings.Place(job, environmentArn);
        }
    }

    /// <summary>
    /// Checks a job by itself. One that needs units of a consumable resource waits at the head of its queue while there are none, so also
    /// while the resource does not exist (User Guide, "Resource-aware scheduling").
    /// </summary>
    private IEnumerable<Refusal> CheckJob(Job job, OrderingCursor jobs, double maximumMilliVcpus)
    {
        if (job.Service?.NotBefore > snapshot.Now)
        {
            yield return Refusal.ServiceLacksCapacity;
        }

        if (!_holdings.HasUnits(job))
        {
            yield return Refusal.LacksUnits;
        }

        if (!jobs.Permits(maximumMilliVcpus))
        {
            yield return Refusal.Reserved;
        }
    }

    private double MaximumOf(JobQueue queue) => queue.IsService
        ? (snapshot.Environments.ServiceOf(queue)?.MaximumInstances ?? 0d) * InstanceCount.MilliVcpus
        : snapshot.Environments.ComputeOf(queue).Sum(environment => environment.SharedMilliVcpus);

    /// <returns>ARN of the environment that has room, or the refusals of all in the queue's order.</returns>
    private (string? Environment, IReadOnlyList<EnvironmentRefusal> Refusals) Choose(JobQueue queue, Job job) =>
        queue.Status == ResourceStatus.Deleting ? (null, [])
        : job.Specification.Service is { } service ? ChooseService(queue, service)
        : ChooseCompute(queue, job);

    private (string? Environment, IReadOnlyList<EnvironmentRefusal> Refusals) ChooseService(JobQueue queue, ServiceRequest service)
    {
        var arn = queue.ServiceEnvironmentOrder![0].ServiceEnvironment!;
        return Check(snapshot.Environments.ServiceOf(queue), service) is { } reason ? (null, [new(arn, reason)]) : (arn, []);
    }

    private Refusal? Check(ServiceEnvironment? environment, ServiceRequest service) =>
        environment is null ? Refusal.TakesNoJobs
        : !environment.HasRoom(service.Instances, _ => 0) ? Refusal.ExceedsMaximum
        : !environment.HasRoom(service.Instances, type => _holdings.InstancesUsed(environment.Arn, type)) ? Refusal.NoRoom
        : null;

    private (string? Environment, IReadOnlyList<EnvironmentRefusal> Refusals) ChooseCompute(JobQueue queue, Job job)
    {
        var refusals = new List<EnvironmentRefusal>(queue.ComputeEnvironmentOrder.Count);
        foreach (var entry in queue.ComputeEnvironmentOrder)
        {
            var environment = snapshot.Environments.Compute.GetValueOrDefault(entry.ComputeEnvironment!);
            if (Check(environment, job) is not { } reason)
            {
                return (environment!.Arn, []);
            }

            refusals.Add(new(entry.ComputeEnvironment!, reason));
            if (job.IsMultiNode && reason is (Refusal.ExceedsMaximum or Refusal.NoRoom))
            {
                // The first environment that accepts such jobs decides, even if a later one has room.
                break;
            }
        }

        return (null, refusals);
    }

    private Refusal? Check(ComputeEnvironment? environment, Job job) =>
        environment?.AcceptsJobs != true ? Refusal.TakesNoJobs
        : job.IsMultiNode && !environment.TakesMultiNodeJobs ? Refusal.TakesNoMultiNodeJobs
        : job.Needs.MilliVcpus > environment.MaximumMilliVcpus ? Refusal.ExceedsMaximum
        : snapshot.ChecksInstanceTypes && !InstanceFit.IsPossible(environment, job) ? Refusal.FitsNoInstanceType
        : _holdings.Used(environment.Arn).MilliVcpus + job.Needs.MilliVcpus > environment.MaximumMilliVcpus ? Refusal.NoRoom
        : null;
}
