namespace BatchEmulator.Hosting.Health;

/// <summary>The trouble that a part of the server has.</summary>
/// <param name="Since">When it began, by the machine's time.</param>
/// <param name="Error">A sentence.</param>
/// <param name="IsFatal">Whether the part cannot recover; the server then ends.</param>
internal sealed record PartFailure(DateTimeOffset Since, string Error, bool IsFatal = false)
{
    public static PartFailure Now(string error, bool isFatal = false) => new(TimeProvider.System.GetUtcNow(), error, isFatal);
}
