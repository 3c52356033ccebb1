namespace BatchEmulator.Core.Attempts;

/// <summary>Identifies one attempt of one job; every container carries it as labels.</summary>
/// <param name="JobId">A UUID, a child's <c>uuid:index</c> or a node's <c>uuid#index</c>.</param>
/// <param name="Attempt">Counted from 1.</param>
public readonly record struct AttemptKey(string JobId, int Attempt)
{
    public override string ToString() => $"{JobId}/{Attempt}";
}
