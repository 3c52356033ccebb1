namespace BatchEmulator.Hosting.Engine;

/// <summary>Life of an emulator: it runs until a caller, or a part that has failed, stops it.</summary>
internal sealed class EmulatorLifetime : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    public EmulatorLifetime() => Stopping = _stopping.Token;

    /// <summary>Cancelled when the emulator begins to stop; usable even after its end.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Begins to stop; returns at once.</summary>
    public void Stop() => _stopping.Cancel();

    public void Dispose() => _stopping.Dispose();
}
