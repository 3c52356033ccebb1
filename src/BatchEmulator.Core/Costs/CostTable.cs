namespace BatchEmulator.Core.Costs;

/// <summary>
/// A bounded number of rows. When there is no room for another one, the cheaper half of those that are not in use becomes part of one row
/// for all others, so that sums stay right.
/// </summary>
/// <param name="maximum">Maximum number of rows.</param>
internal sealed class CostTable<TKey>(int maximum)
    where TKey : notnull
{
    private readonly Dictionary<TKey, CostRow<TKey>> _rows = [];

    public IReadOnlyCollection<CostRow<TKey>> Rows => _rows.Values;

    /// <summary>Sum of the rows that are not kept.</summary>
    public CostRow Others { get; private set; } = new();

    /// <summary>Sum of all rows.</summary>
    public CostRow Sum()
    {
        var sum = new CostRow();
        sum.Add(Others);
        foreach (var row in _rows.Values)
        {
            sum.Add(row);
        }

        return sum;
    }

    public CostRow? Find(TKey key) => _rows.GetValueOrDefault(key);

    /// <summary>Returns the row of a key, which is new if there is none.</summary>
    public CostRow Get(TKey key)
    {
        if (_rows.TryGetValue(key, out var known))
        {
            return known;
        }

        if (_rows.Count >= maximum)
        {
            Merge();
        }

        return _rows.Count < maximum ? _rows[key] = new CostRow<TKey>(key) : Others;
    }

    public void Clear()
    {
        _rows.Clear();
        Others = new CostRow();
    }

    private void Merge()
    {
        var unused = _rows.Values.Where(row => row.Open == 0).Select(row => (Row: row, Cost: (double)row.Held.Total.Units)).ToList();
        if (unused.Count == 0)
        {
            return;
        }

        // Numbers alone are sorted much faster than rows, and a turn of the engine waits for this.
        var costs = unused.ConvertAll(row => row.Cost);
        costs.Sort();
        var half = (costs.Count + 1) / 2;
        var limit = costs[half - 1];
        foreach (var (row, _) in unused.Where(row => row.Cost <= limit).Take(half))
        {
            Others.Add(row);
            _rows.Remove(row.Key);
        }
    }
}
