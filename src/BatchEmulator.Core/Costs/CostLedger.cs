using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.Instances;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Costs;

/// <summary>
/// Estimated cost of instances, tasks and jobs. A job pays for the part of an instance's vCPUs that it holds; what nobody holds is idle, so
/// that the cost of instances is that of jobs and of what is idle, exactly. Times are in milliseconds since the ledger began.
/// </summary>
internal sealed class CostLedger(Prices prices)
{
    /// <summary>Limits the memory for rows of jobs, about 400 bytes each.</summary>
    private const int MaximumJobs = 100_000;

    /// <summary>Limits the memory of a server whose environments, queues, shares or definitions come and go.</summary>
    private const int MaximumRows = 10_000;

    private readonly Dictionary<string, InstanceMeter> _instances = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<(Holding Holding, InstanceMeter? Instance)>> _holdings = new(StringComparer.Ordinal);

    public Prices Prices { get; } = prices;

    /// <summary>Rows by the ARN of the environment.</summary>
    public CostTable<string> Environments { get; } = new(MaximumRows);

    public CostTable<InstanceKey> Instances { get; } = new(MaximumRows);

    /// <summary>Rows by the ARN of the queue.</summary>
    public CostTable<string> Queues { get; } = new(MaximumRows);

    public CostTable<ShareKey> Shares { get; } = new(MaximumRows);

    /// <summary>Rows by the ARN of the job definition.</summary>
    public CostTable<string> Definitions { get; } = new(MaximumRows);

    public CostTable<JobKey> Jobs { get; } = new(MaximumJobs);

    /// <summary>Takes in an instance that was launched.</summary>
    public void Launch(Instance instance, long at)
    {
        CostRow[] rows = [Environments.Get(instance.ComputeEnvironmentArn), Instances.Get(KeyOf(instance))];
        foreach (var row in rows)
        {
            row.Instances++;
        }

        _instances[instance.Arn] = new(instance.Size, Prices.Of(instance.Size, instance.Purchase), Opened(rows), at);
    }

    /// <summary>Takes in that an instance was terminated. A job that still holds something of it pays no longer.</summary>
    public void Terminate(Instance instance, long at)
    {
        if (_instances.Remove(instance.Arn, out var meter))
        {
            foreach (var holding in meter.Holdings.ToList())
            {
                Close(holding, meter, at);
            }

            meter.SettleTo(at);
            Close(meter);
        }
    }

    /// <summary>Counts an instance that is reclaimed or lost. One that is lost after the notice of its end counts once.</summary>
    public void Interrupt(Instance instance)
    {
        if (_instances.GetValueOrDefault(instance.Arn) is { IsInterrupted: false } meter)
        {
            meter.IsInterrupted = true;
            foreach (var row in meter.Rows)
            {
                row.Interruptions++;
            }
        }
    }

    /// <summary>Takes in that a job is placed.</summary>
    /// <param name="job">The job. A node or a multi-node parallel job has its instances to itself.</param>
    /// <param name="attempt">Its attempt.</param>
    /// <param name="environment">Its environment; null if that is gone.</param>
    /// <param name="at">The time.</param>
    public void Hold(Job job, CurrentAttempt attempt, ComputeEnvironment? environment, long at)
    {
        CostRow[] rows = [Environments.Get(attempt.ComputeEnvironmentArn), .. RowsOf(job)];
        var instances = attempt.InstancesHeld.Where(_instances.ContainsKey).ToList();
        if (instances.Count == 0)
        {
            var rate = environment is { IsFargate: true } ? Prices.OfFargate(environment.Purchase) : Rate.None;
            _holdings[job.Id] = [(new(rate, job.Needs.MilliVcpus, job.Needs.MemoryMiB, Opened(rows), at), null)];
            return;
        }

        var holdings = new (Holding, InstanceMeter?)[instances.Count];
        for (var i = 0; i < holdings.Length; i++)
        {
            var meter = _instances[instances[i]];
            var held = job.IsMultiNode || job.IsNode ? meter.MilliVcpus : job.Needs.MilliVcpus;
            var holding = new Holding(meter.Rate, held, 0, Opened([.. rows, meter.Rows[^1]]), at);
            meter.Add(holding, at);
            holdings[i] = (holding, meter);
        }

        _holdings[job.Id] = holdings;
    }

    /// <summary>Takes in that a job gives up its place.</summary>
    public void Release(Job job, long at)
    {
        if (_holdings.Remove(job.Id, out var holdings))
        {
            foreach (var (holding, instance) in holdings)
            {
                if (instance is null)
                {
                    holding.SettleTo(at);
                    Close(holding);
                }
                else if (instance.Holdings.Contains(holding))
                {
                    Close(holding, instance, at);
                }
            }
        }
    }

    /// <summary>Charges everything that is in progress up to a time.</summary>
    public void SettleTo(long at)
    {
        foreach (var instance in _instances.Values)
        {
            instance.SettleTo(at);
        }

        foreach (var (holding, instance) in _holdings.Values.SelectMany(holdings => holdings))
        {
            if (instance is null || instance.Holdings.Contains(holding))
            {
                holding.SettleTo(at);
            }
        }
    }

    public void Clear()
    {
        _instances.Clear();
        _holdings.Clear();
        Environments.Clear();
        Instances.Clear();
        Queues.Clear();
        Shares.Clear();
        Definitions.Clear();
        Jobs.Clear();
    }

    /// <summary>Returns the rows of a job. Children and nodes add up in the job that was submitted.</summary>
    private IEnumerable<CostRow> RowsOf(Job job)
    {
        var specification = job.Specification;
        var queue = specification.JobQueueArn;
        yield return Jobs.Get(new(job.ParentId ?? job.Id, specification.JobName, queue));
        yield return Queues.Get(queue);
        if (specification.ShareIdentifier is { } share)
        {
            yield return Shares.Get(new(queue, share));
        }

        if (specification.JobDefinitionArn is { } definition)
        {
            yield return Definitions.Get(definition);
        }
    }

    private static InstanceKey KeyOf(Instance instance) => new(instance.ComputeEnvironmentArn, instance.Type, instance.Purchase);

    private static IReadOnlyList<CostRow> Opened(IReadOnlyList<CostRow> rows)
    {
        foreach (var row in rows)
        {
            row.Open++;
        }

        return rows;
    }

    private static void Close(Holding holding, InstanceMeter instance, long at)
    {
        holding.SettleTo(at);
        instance.Remove(holding, at);
        Close(holding);
    }

    private static void Close(IMeter meter)
    {
        foreach (var row in meter.Rows)
        {
            row.Open--;
        }
    }
}

/// <summary>Instances of one type in an environment.</summary>
internal readonly record struct InstanceKey(string EnvironmentArn, string Type, Purchase Purchase);

/// <summary>A share identifier of a queue.</summary>
internal readonly record struct ShareKey(string QueueArn, string Identifier);

/// <summary>A job that was submitted.</summary>
internal readonly record struct JobKey(string Id, string Name, string QueueArn);
