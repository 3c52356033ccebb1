using BatchEmulator.Core.Instances;

namespace BatchEmulator.Core.Costs;

/// <summary>An instance, which costs what its holders pay and, for the rest of it, what is idle.</summary>
/// <param name="type">The instance type.</param>
/// <param name="rate">Its price.</param>
/// <param name="rows">Rows to which it is charged.</param>
/// <param name="since">Beginning, in milliseconds of the ledger.</param>
internal sealed class InstanceMeter(InstanceType type, Rate rate, IReadOnlyList<CostRow> rows, long since) : IMeter
{
    private readonly HashSet<Holding> _holdings = [];

    private long _since = since;
    private long _idle = type.Vcpus * 1000L;

    /// <summary>Thousandths of a vCPU of the whole instance.</summary>
    public long MilliVcpus { get; } = type.Vcpus * 1000L;

    public Rate Rate { get; } = rate;

    public IReadOnlyList<CostRow> Rows { get; } = rows;

    /// <summary>True if it is being reclaimed.</summary>
    public bool IsInterrupted { get; set; }

    public IReadOnlyCollection<Holding> Holdings => _holdings;

    public void Add(Holding holding, long at)
    {
        SettleTo(at);
        _holdings.Add(holding);
        _idle -= holding.MilliVcpus;
    }

    public void Remove(Holding holding, long at)
    {
        SettleTo(at);
        _holdings.Remove(holding);
        _idle += holding.MilliVcpus;
    }

    public void SettleTo(long at)
    {
        if (at > _since)
        {
            var idle = Rate.For(_idle, 0, at - _since);
            foreach (var row in Rows)
            {
                row.AddInstance(Rate.Tariff, idle, at - _since);
            }

            _since = at;
        }
    }
}
