using BatchEmulator.Core.Costs;
using BatchEmulator.Core.Engine.Projections;
using BatchEmulator.Core.Engine.Tables;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Instances;
using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.QuotaShares;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Scheduling.Orderings;

namespace BatchEmulator.Core.Engine;

/// <summary>
/// All unfinished objects, owned by one thread: tables, and projections of them. <see cref="Apply"/> is the only way to change it, so that
/// memory is the sum of the changes.
/// </summary>
public sealed class BatchState
{
    private readonly ResourceTables _resources = new();
    private readonly JobTable _jobs = new();
    private readonly JobCounts _counts = new();
    private readonly ClientTokens _clientTokens = new();
    private readonly DeletedResources<JobQueue> _deletedQueues = new();
    private readonly DeletedResources<QuotaShare> _deletedShares = new();

    /// <summary>In the order in which they follow a change: a projection comes after those that it uses.</summary>
    private readonly IProjection[] _projections;

    public BatchState(EngineOptions options)
    {
        Options = options;
        var queues = _resources.Of<JobQueue>();
        Runnable = new RunnableJobs(_resources);
        Costs = new CostMeter(_resources, Time, new Prices(options.SpotDiscountPercent));
        Waits = new WaitTimes(Time);
        Capacity = new CapacityLedger(_jobs, Runnable, Costs);
        Fleets = new Fleets(_jobs);
        Dependencies = new DependencyGraph(_jobs);
        Agenda = new Agenda(queues, Blocked);
        _projections =
        [
            _clientTokens, _deletedQueues, _deletedShares, Costs, Waits, Capacity, Fleets, Runnable, Blocked, Dependencies, _counts, Agenda,
        ];
        Clear();
    }

    public EngineOptions Options { get; }

    /// <summary>Unfinished jobs by id, and the finished nodes of unfinished multi-node parallel jobs.</summary>
    public IReadOnlyDictionary<string, Job> Jobs => _jobs;

    /// <summary>Next place in the total order of creation.</summary>
    public long NextSequence { get; private set; }

    /// <summary>Number of the next placement: attempts that wait for the machine get it in this order.</summary>
    internal long NextPlacement { get; private set; }

    internal RunnableJobs Runnable { get; }

    /// <summary>Instances of the environments.</summary>
    internal Fleets Fleets { get; }

    /// <summary>Capacity that EC2 and Fargate offer. Faults of capacity end with the process.</summary>
    public Market Market { get; internal set; } = Market.Unlimited;

    /// <summary>Jobs at the heads of their queues that cannot be placed anywhere.</summary>
    internal BlockedHeads Blocked { get; } = new();

    internal DependencyGraph Dependencies { get; }

    internal CapacityLedger Capacity { get; }

    /// <summary>Time for the projections that measure it.</summary>
    internal TurnTime Time { get; } = new();

    internal CostMeter Costs { get; }

    internal WaitTimes Waits { get; }

    internal JobDefinitionCatalog Definitions { get; } = new();

    /// <summary>Work that the state asks the engine to do next.</summary>
    internal Agenda Agenda { get; }

    /// <summary>Queues that will be removed once their last job has ended, by ARN.</summary>
    internal IReadOnlyCollection<string> QueuesBeingDeleted => _deletedQueues.Arns;

    /// <summary>Quota shares that will be removed once their last job has ended, by ARN.</summary>
    internal IReadOnlyCollection<string> SharesBeingDeleted => _deletedShares.Arns;

    /// <summary>Resources whose change is in progress.</summary>
    internal IEnumerable<Resource> Changing => _resources.All.Where(resource => resource.SettlesAt is not null);

    /// <summary>Returns the resources of one kind by ARN.</summary>
    public IReadOnlyDictionary<string, T> Of<T>()
        where T : Resource => _resources.Of<T>();

    /// <summary>Returns the number of a queue's jobs that are not finished.</summary>
    public int CountJobs(JobQueue queue) => _counts.Of(queue).Sum();

    /// <summary>Returns the numbers of a queue's unfinished jobs, by the number of their <see cref="JobStatus"/>.</summary>
    public IReadOnlyList<int> CountJobsByStatus(JobQueue queue) => _counts.Of(queue);

    /// <summary>Returns true if an unfinished service job has a client token.</summary>
    public bool HasClientToken(Scope scope, string token) => _clientTokens.Has(scope, token);

    /// <summary>Finds the revisions of a job definition.</summary>
    public JobDefinitionFamily? FindDefinitions(Scope scope, string name) => Definitions.Find(scope, name);

    /// <summary>Returns the nodes of a multi-node parallel job that exist.</summary>
    internal IReadOnlyList<Job> NodesOf(Job job) => _jobs.NodesOf(job);

    /// <summary>Finds a resource by ARN.</summary>
    internal Resource? Find(string arn) => _resources.Find(arn);

    /// <summary>Returns the ordering of a queue; null if the queue is gone.</summary>
    internal Ordering? OrderingOf(string queueArn) => Runnable.OrderingOf(queueArn);

    /// <summary>Reserves places up to <paramref name="sequence"/>, which loaded objects or finished ones have taken.</summary>
    public void ReserveSequence(long sequence) => NextSequence = Math.Max(NextSequence, sequence + 1);

    /// <summary>Applies a change to the tables and their projections.</summary>
    public void Apply(Change change)
    {
        switch (change)
        {
            case JobSaved { Value: var job }:
                Save(job);
                break;
            case ResourceSaved { Value: var resource }:
                ReserveSequence(resource.Sequence);
                Follow(_resources.Save(resource), resource);
                break;
            case ResourceRemoved { Value: var resource }:
                _resources.Remove(resource);
                Follow(resource, null);
                break;
            case OrderingNoteSaved { Value: var note }:
                OrderingOf(note.JobQueueArn)?.Apply(note);
                break;
            case OrderingNoteRemoved { Value: var note }:
                OrderingOf(note.JobQueueArn)?.Forget(note);
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
                throw new NotSupportedException(change.GetType().Name);
        }
    }

    private void Save(Job job)
    {
        // The parts of a job occupy the places behind its own, also those that do not exist yet.
        ReserveSequence(job.IsMultiNode ? PartSequence.Last(job) : job.Sequence);
        NextPlacement = Math.Max(NextPlacement, (job.Current?.Placement ?? 0) + 1);
        var before = _jobs.Save(job);
        foreach (var projection in _projections)
        {
            projection.Follow(before, job);
        }
    }

    private void Follow(Resource? before, Resource? resource)
    {
        foreach (var projection in _projections)
        {
            projection.Follow(before, resource);
        }
    }

    private void Clear()
    {
        _resources.Clear();
        _jobs.Clear();
        Definitions.Clear();
        Time.Restart();
        Array.ForEach(_projections, projection => projection.Clear());
        Market = Market.Unlimited;
        NextSequence = 1;
        NextPlacement = 1;
    }
}
