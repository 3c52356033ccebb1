using System.Diagnostics;

namespace BatchEmulator.Hosting.Health;

/// <summary>
/// Something that one thread does repeatedly and that should be over soon each time. Any thread may ask whether it is overdue.
/// </summary>
/// <param name="name">What it is called in errors: <c>A commit</c>.</param>
internal sealed class Undertaking(string name)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>0 while it is not under way.</summary>
    private long _began;

    /// <summary>The trouble that it takes longer than it should; null if it does not.</summary>
    public PartFailure? Overdue
    {
        get
        {
            var began = Volatile.Read(ref _began);
            var elapsed = began == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(began);
            return elapsed < Patience
                ? null
                : new PartFailure(
                    TimeProvider.System.GetUtcNow() - elapsed, $"{name} has been under way for {(long)elapsed.TotalSeconds} seconds.");
        }
    }

    public void Begin() => Volatile.Write(ref _began, Stopwatch.GetTimestamp());

    public void End() => Volatile.Write(ref _began, 0);
}
