namespace BatchEmulator.Core.Costs;

/// <summary>Something that is charged to rows as time passes.</summary>
internal interface IMeter
{
    /// <summary>Rows to which it is charged.</summary>
    IReadOnlyList<CostRow> Rows { get; }

    /// <summary>Charges the time that has passed since the last call, or since the beginning.</summary>
    /// <param name="at">Time in milliseconds of the ledger.</param>
    void SettleTo(long at);
}
