namespace BatchEmulator.Core.Costs;

/// <summary>Cost of something: an environment, a queue, a job and so on.</summary>
internal class CostRow
{
    /// <summary>Charges for what jobs hold.</summary>
    public Charges Held { get; } = new();

    /// <summary>Charges for what nobody holds of instances.</summary>
    public Charges Idle { get; } = new();

    /// <summary>Time for which instances existed, in milliseconds.</summary>
    public long InstanceTime { get; private set; }

    /// <summary>Number of instances.</summary>
    public int Instances { get; set; }

    /// <summary>Number of instances that were reclaimed or lost.</summary>
    public int Interruptions { get; set; }

    /// <summary>Number of instances and holdings in progress that are charged to the row.</summary>
    public int Open { get; set; }

    /// <summary>Charges an instance for what nobody holds of it.</summary>
    public void AddInstance(Tariff tariff, Charge idle, long milliseconds)
    {
        Idle.Add(tariff, idle);
        InstanceTime += milliseconds;
    }

    public void Add(CostRow other)
    {
        Held.Add(other.Held);
        Idle.Add(other.Idle);
        InstanceTime += other.InstanceTime;
        Instances += other.Instances;
        Interruptions += other.Interruptions;
    }
}

/// <summary>Cost of what a key names.</summary>
internal sealed class CostRow<TKey>(TKey key) : CostRow
{
    public TKey Key { get; } = key;
}
