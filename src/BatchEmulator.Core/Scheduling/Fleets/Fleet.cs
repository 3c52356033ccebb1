using BatchEmulator.Core.Instances;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Scheduling.Fleets;

/// <summary>The instances of a compute environment. Room for a job is found without looking at the filled ones.</summary>
internal sealed class Fleet
{
    /// <summary>Limits what one request can launch (Amazon ECS service quotas: container instances per cluster).</summary>
    public const int MaximumInstances = 5_000;

    private readonly Dictionary<string, FleetInstance> _byArn = new(StringComparer.Ordinal);
    private readonly SortedSet<Key> _running = new(Key.Order);
    private readonly SortedSet<Key> _pending = new(Key.Order);
    private readonly List<FleetInstance> _emptied = [];

    /// <summary>vCPUs of the instances that are not about to be terminated.</summary>
    public int Vcpus { get; private set; }

    public int Count => _byArn.Count;

    public IReadOnlyCollection<FleetInstance> Instances => _byArn.Values;

    public FleetInstance? Find(string arn) => _byArn.GetValueOrDefault(arn);

    /// <summary>Takes in an instance that was launched or has changed.</summary>
    public void Set(Instance instance)
    {
        if (!_byArn.TryGetValue(instance.Arn, out var known))
        {
            _byArn[instance.Arn] = known = new FleetInstance(instance);
        }
        else
        {
            Detach(known);
            known.Instance = instance;
        }

        Attach(known);
        if (known.IsEmpty)
        {
            _emptied.Add(known);
        }
    }

    public void Remove(string arn)
    {
        if (_byArn.Remove(arn, out var known))
        {
            Detach(known);
        }
    }

    /// <summary>Takes in that a job holds amounts of an instance; all of it for null.</summary>
    public void Hold(string arn, Job job, ResourceAmounts? amounts)
    {
        if (Find(arn) is { } instance)
        {
            Detach(instance);
            instance.Hold(job, amounts ?? instance.Type.ForJobs);
            Attach(instance);
        }
    }

    /// <summary>Takes in that a job holds amounts of an instance no longer; all of it for null.</summary>
    public void Release(string arn, Job job, ResourceAmounts? amounts)
    {
        if (Find(arn) is { } instance)
        {
            Detach(instance);
            if (instance.Release(job, amounts ?? instance.Type.ForJobs) && instance.IsEmpty)
            {
                _emptied.Add(instance);
            }

            Attach(instance);
        }
    }

    /// <summary>Takes amounts of an instance, or gives them back, for the time of a trial.</summary>
    public void Take(FleetInstance instance, ResourceAmounts amounts)
    {
        Detach(instance);
        instance.Take(amounts);
        Attach(instance);
    }

    /// <summary>Finds the most filled instance with room.</summary>
    /// <param name="needs">The needed room.</param>
    /// <param name="types">The only types that will do.</param>
    /// <param name="isPending">True for an instance that cannot run jobs yet.</param>
    /// <param name="isEmpty">True for an instance without jobs.</param>
    public FleetInstance? FindRoom(ResourceAmounts needs, IReadOnlySet<InstanceType> types, bool isPending, bool isEmpty)
    {
        foreach (var (_, _, instance) in (isPending ? _pending : _running).GetViewBetween(Key.Least(needs), Key.Greatest))
        {
            if (needs.FitsIn(instance!.Room) && (!isEmpty || instance.IsEmpty) && types.Contains(instance.Type))
            {
                return instance;
            }
        }

        return null;
    }

    /// <summary>Takes in that a waiting job is going to have an instance, or is not any more.</summary>
    public void Await(string arn, bool isAwaited)
    {
        if (Find(arn) is { } instance)
        {
            instance.IsAwaited = isAwaited;
            if (instance.IsEmpty)
            {
                _emptied.Add(instance);
            }
        }
    }

    /// <summary>Treats the instances without jobs as if their last ones had just ended.</summary>
    public void ReconsiderIdle() => _emptied.AddRange(_byArn.Values.Where(instance => instance.IsEmpty));

    /// <summary>Returns the instances that hold no jobs any more since the last call, or that were launched or changed without any.</summary>
    public IReadOnlyList<FleetInstance> TakeEmptied()
    {
        FleetInstance[] emptied = [.. _emptied.Distinct().Where(instance => instance.IsEmpty && Find(instance.Instance.Arn) == instance)];
        _emptied.Clear();
        return emptied;
    }

    private void Attach(FleetInstance instance)
    {
        if (instance.Instance.Status != InstanceStatus.Draining)
        {
            Vcpus += instance.Type.Vcpus;
            SetOf(instance).Add(Key.Of(instance));
        }
    }

    private void Detach(FleetInstance instance)
    {
        if (instance.Instance.Status != InstanceStatus.Draining)
        {
            Vcpus -= instance.Type.Vcpus;
            SetOf(instance).Remove(Key.Of(instance));
        }
    }

    private SortedSet<Key> SetOf(FleetInstance instance) =>
        instance.Instance.Status == InstanceStatus.Pending ? _pending : _running;

    /// <summary>Place of an instance: the most filled come first, of these the oldest.</summary>
    private readonly record struct Key(long MilliVcpus, long Sequence, FleetInstance? Instance)
    {
        public static readonly Key Greatest = new(long.MaxValue, long.MaxValue, null);

        public static IComparer<Key> Order { get; } = Comparer<Key>.Create(static (a, b) =>
            a.MilliVcpus != b.MilliVcpus ? a.MilliVcpus.CompareTo(b.MilliVcpus) : a.Sequence.CompareTo(b.Sequence));

        public static Key Of(FleetInstance instance) => new(instance.Room.MilliVcpus, instance.Instance.Sequence, instance);

        public static Key Least(ResourceAmounts needs) => new(needs.MilliVcpus, long.MinValue, null);
    }
}
