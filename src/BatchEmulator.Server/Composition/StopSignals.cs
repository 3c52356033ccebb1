using System.Runtime.InteropServices;

namespace BatchEmulator.Server.Composition;

/// <summary>
/// Signals that ask this process to end, such as Ctrl-C and SIGTERM; they stop the server in an orderly way, also while it starts.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _received = new();
    private readonly List<PosixSignalRegistration> _registrations;

    public StopSignals()
    {
        _registrations =
        [
            .. new[] { PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGTERM }
                .Select(s => PosixSignalRegistration.Create(s, Receive)),
        ];
    }

    /// <summary>Cancelled when a signal has been received.</summary>
    public CancellationToken Received => _received.Token;

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _received.Dispose();
    }

    private void Receive(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _received.Cancel();
    }
}
