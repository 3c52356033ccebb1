using System.Diagnostics;

namespace BatchEmulator.Hosting.Health;

/// <summary>An action that one thread performs repeatedly and that should be quick. Any thread may ask if it is overdue.</summary>
/// <param name="name">Name in errors, e.g. <c>A commit</c>.</param>
internal sealed class Undertaking(string name)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Time of its beginning; 0 while it is not being performed.</summary>
    private long _began;

    /// <summary>The failure to complete in time; null if there is none.</summary>
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
