namespace BatchEmulator.Hosting.Health;

/// <summary>Failure of a part of the server.</summary>
/// <param name="Since">Time at which it began, by the machine's time.</param>
/// <param name="Error">Description, a sentence.</param>
/// <param name="IsFatal">True if the part cannot recover; the server then ends.</param>
internal sealed record PartFailure(DateTimeOffset Since, string Error, bool IsFatal = false)
{
    public static PartFailure Now(string error, bool isFatal = false) => new(TimeProvider.System.GetUtcNow(), error, isFatal);
}
