namespace BatchEmulator.Hosting.Engine;

/// <summary>Life of an emulator: it runs until a caller, or a part that cannot go on, stops it.</summary>
internal sealed class EmulatorLifetime : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    public EmulatorLifetime() => Stopping = _stopping.Token;

    /// <summary>Is cancelled when the emulator begins to stop; can be asked even after its end.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Begins to stop; returns at once.</summary>
    public void Stop() => _stopping.Cancel();

    public void Dispose() => _stopping.Dispose();
}
