namespace BatchEmulator.Core.Costs;

/// <summary>Capacity that a job holds for a time: a part of an instance, or of an environment without instances.</summary>
/// <param name="rate">Its price.</param>
/// <param name="milliVcpus">Thousandths of a vCPU.</param>
/// <param name="mebibytes">Memory in MiB.</param>
/// <param name="rows">Rows to which it is charged.</param>
/// <param name="since">Beginning, in milliseconds of the ledger.</param>
internal sealed class Holding(Rate rate, long milliVcpus, long mebibytes, IReadOnlyList<CostRow> rows, long since) : IMeter
{
    private long _since = since;

    public long MilliVcpus { get; } = milliVcpus;

    public IReadOnlyList<CostRow> Rows { get; } = rows;

    public void SettleTo(long at)
    {
        if (at > _since)
        {
            var charge = rate.For(MilliVcpus, mebibytes, at - _since);
            foreach (var row in Rows)
            {
                row.Held.Add(rate.Tariff, charge);
            }

            _since = at;
        }
    }
}
