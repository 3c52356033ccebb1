using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.Instances;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Scheduling.Orderings;
using BatchEmulator.Core.ServiceEnvironments;

namespace BatchEmulator.Core.Scheduling;

/// <summary>
/// Finds places for runnable jobs, as a function from a snapshot to a plan (User Guide, "Job queues" and "Compute environments"):
/// <list type="number">
/// <item>Environments launch the instances that they must have even without jobs.</item>
/// <item>Queues are served by priority.</item>
/// <item>Within a queue, jobs are placed in its order; a head that cannot be placed blocks those behind it.</item>
/// <item>A queue with quota shares is served by <see cref="QuotaPass"/>.</item>
/// <item>
/// A job goes to the first compute environment of its queue that has room or can launch an instance, or to the queue's service environment.
/// </item>
/// <item>Where a head waits for an instance that has yet to appear, instances are launched for the jobs behind it as well.</item>
/// </list>
/// The cost of the pass is proportional to the placed jobs plus the queues, however many jobs wait.
/// </summary>
internal sealed class SchedulingPass
{
    /// <summary>Limits the work of one turn; the rest is placed in the next.</summary>
    public const int MaximumDecisions = 2_000;

    /// <summary>Jobs of a queue for which instances are launched at the same time.</summary>
    private const int MaximumAwaiting = 1_000;

    private readonly SchedulingSnapshot _snapshot;
    private readonly List<Decision> _decisions = [];
    private readonly List<QueueHead> _heads = [];
    private readonly List<(JobQueue Queue, OrderingCursor Jobs, double Placed)> _awaiting = [];
    private readonly TentativeHoldings _holdings;
    private readonly FleetTrial _trial;
    private readonly InstancePlacement _instances;

    public SchedulingPass(SchedulingSnapshot snapshot)
    {
        _snapshot = snapshot;
        _holdings = new TentativeHoldings(snapshot);
        _trial = new FleetTrial(snapshot);
        _instances = new InstancePlacement(snapshot, _trial);
    }

    public SchedulingPlan Run()
    {
        LaunchMinimum();
        var isComplete = _snapshot.Queues.All(Serve);
        if (isComplete)
        {
            _awaiting.ForEach(Provision);
        }

        Instance[] launches = [.. _trial.Launches];
        Instance[] awaited = _awaiting.Count == 0 ? [] : [.. _trial.Taken.Distinct()];
        _trial.UndoTo(0);
        return new SchedulingPlan(launches, _decisions, isComplete ? _heads : [], awaited, isComplete);
    }

    private void LaunchMinimum()
    {
        foreach (var environment in _snapshot.Environments.Compute.Values.OrderBy(environment => environment.Sequence))
        {
            if (environment.AcceptsJobs && AllowedTypes(environment) is { } allowed)
            {
                _instances.LaunchMinimum(environment, allowed);
            }
        }
    }

    /// <returns>False if the plan is full.</returns>
    private bool Serve(JobQueue queue)
    {
        var ordering = _snapshot.OrderingOf(queue.Arn);
        if (ordering is QuotaManagement shares)
        {
            return new QuotaPass(queue, shares, _snapshot, _decisions).Run(_heads);
        }

        var jobs = ordering.Begin(_snapshot.Now);
        var head = new QueueHead(queue, null, [], []);
        double placed = 0;
        double? maximum = null;
        while (jobs.Head is { } job)
        {
            var mark = _trial.Mark;
            var choice = Choose(queue, job, ordering.Wanted.MilliVcpus - placed);
            head = new QueueHead(
                queue, job, [.. CheckJob(job, jobs, maximum ??= MaximumOf(queue))], choice.Environment is null ? choice.Refusals : []);
            if (head.OfJob.Count == 0 && choice.Awaits)
            {
                // What it is going to have is not for others.
                jobs.Take(isPlaced: true);
                _awaiting.Add((queue, jobs, placed + job.Needs.MilliVcpus));
                break;
            }

            if (choice.Environment is null || head.OfJob.Count > 0)
            {
                _trial.UndoTo(mark);
                break;
            }

            if (_decisions.Count == MaximumDecisions)
            {
                _trial.UndoTo(mark);
                return false;
            }

            Decide(job, choice, mark);
            placed += job.Needs.MilliVcpus;
            jobs.Take(isPlaced: job.Specification.DispatchFailure is null);
            head = new QueueHead(queue, null, [], []);
        }

        _heads.Add(head);
        return true;
    }

    /// <summary>Launches instances for the jobs behind the head of a queue that waits for one.</summary>
    private void Provision((JobQueue Queue, OrderingCursor Jobs, double Placed) awaiting)
    {
        var (queue, jobs, placed) = awaiting;
        var wanted = _snapshot.OrderingOf(queue.Arn).Wanted.MilliVcpus - placed;
        var maximum = MaximumOf(queue);
        for (var count = 0; count < MaximumAwaiting && jobs.Head is { } job; count++)
        {
            if (CheckJob(job, jobs, maximum).Any()
                || (Choose(queue, job, wanted) is { Environment: null } choice && !choice.Awaits))
            {
                return;
            }

            wanted -= job.Needs.MilliVcpus;
            jobs.Take(isPlaced: true);
        }
    }

    private void Decide(Job job, Choice choice, int mark)
    {
        if (job.Specification.DispatchFailure is { } failure)
        {
            _trial.UndoTo(mark);
            _decisions.Add(new Reject(job, failure));
        }
        else
        {
            _decisions.Add(new Place(job, choice.Environment!, choice.Instances));
            _holdings.Place(job, choice.Environment!);
        }
    }

    /// <summary>
    /// Checks a job by itself. One that needs units of a consumable resource waits at the head of its queue while there are none, so also
    /// while the resource does not exist (User Guide, "Resource-aware scheduling").
    /// </summary>
    private IEnumerable<Refusal> CheckJob(Job job, OrderingCursor jobs, double maximumMilliVcpus)
    {
        if (job.Service?.NotBefore > _snapshot.Now)
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
        ? (_snapshot.Environments.ServiceOf(queue)?.MaximumInstances ?? 0d) * InstanceCount.MilliVcpus
        : _snapshot.Environments.ComputeOf(queue).Sum(environment => environment.SharedMilliVcpus);

    private Choice Choose(JobQueue queue, Job job, double wantedMilliVcpus) =>
        queue.Status == ResourceStatus.Deleting ? Choice.None
        : job.Specification.Service is { } service ? ChooseService(queue, service)
        : ChooseCompute(queue, job, wantedMilliVcpus);

    private Choice ChooseService(JobQueue queue, ServiceRequest service)
    {
        var arn = queue.ServiceEnvironmentOrder![0].ServiceEnvironment!;
        return Check(_snapshot.Environments.ServiceOf(queue), service) is { } reason ? Choice.Refused([new(arn, reason)]) : Choice.Of(arn, []);
    }

    private Refusal? Check(ServiceEnvironment? environment, ServiceRequest service) =>
        environment is null ? Refusal.TakesNoJobs
        : !environment.HasRoom(service.Instances, _ => 0) ? Refusal.ExceedsMaximum
        : !environment.HasRoom(service.Instances, type => _holdings.InstancesUsed(environment.Arn, type)) ? Refusal.NoRoom
        : null;

    private Choice ChooseCompute(JobQueue queue, Job job, double wantedMilliVcpus)
    {
        var refusals = new List<EnvironmentRefusal>(queue.ComputeEnvironmentOrder.Count);
        foreach (var entry in queue.ComputeEnvironmentOrder)
        {
            var environment = _snapshot.Environments.Compute.GetValueOrDefault(entry.ComputeEnvironment!);
            var answer = Ask(entry.ComputeEnvironment!, environment, job, wantedMilliVcpus);
            if (answer.Refusal is not { } refusal)
            {
                return Choice.Of(environment!.Arn, answer.Instances);
            }

            refusals.Add(refusal);
            if (refusal.Reason == Refusal.AwaitsInstance
                || (job.IsMultiNode && refusal.Reason is (Refusal.ExceedsMaximum or Refusal.NoInstanceCapacity or Refusal.NoRoom)))
            {
                // The environment that launches an instance keeps the job, and the first one that accepts multi-node parallel jobs decides
                // about them, even if a later one has room.
                break;
            }
        }

        return Choice.Refused(refusals);
    }

    private EnvironmentAnswer Ask(string arn, ComputeEnvironment? environment, Job job, double wantedMilliVcpus) =>
        Check(environment, job) is { } reason ? new(new(arn, reason), [])
        : AllowedTypes(environment!) is { } allowed ? _instances.Ask(environment!, job, allowed, wantedMilliVcpus)
        : _holdings.Used(arn).MilliVcpus + job.Needs.MilliVcpus > environment!.MaximumMilliVcpus ? new(new(arn, Refusal.NoRoom), [])
        : new(null, []);

    private static Refusal? Check(ComputeEnvironment? environment, Job job) =>
        environment?.AcceptsJobs != true ? Refusal.TakesNoJobs
        : job.IsMultiNode && !environment.TakesMultiNodeJobs ? Refusal.TakesNoMultiNodeJobs
        : job.Needs.MilliVcpus > environment.MaximumMilliVcpus ? Refusal.ExceedsMaximum
        : null;

    private IReadOnlyList<InstanceType>? AllowedTypes(ComputeEnvironment environment) =>
        _snapshot.HasInstances ? environment.AllowedTypes : null;

    /// <param name="Environment">ARN of the environment that holds the job; null if none does.</param>
    /// <param name="Instances">The instances on which the job is to run.</param>
    /// <param name="Refusals">Refusals of the environments that were asked, in the queue's order.</param>
    private readonly record struct Choice(
        string? Environment, IReadOnlyList<string> Instances, IReadOnlyList<EnvironmentRefusal> Refusals)
    {
        public static Choice None { get; } = Refused([]);

        public bool Awaits => Refusals is [.., { Reason: Refusal.AwaitsInstance }];

        public static Choice Of(string environment, IReadOnlyList<string> instances) => new(environment, instances, []);

        public static Choice Refused(IReadOnlyList<EnvironmentRefusal> refusals) => new(null, [], refusals);
    }
}
