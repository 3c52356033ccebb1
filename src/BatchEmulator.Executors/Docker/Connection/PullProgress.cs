using Docker.DotNet.Models;

namespace BatchEmulator.Executors.Docker.Connection;

/// <summary>
/// Keeps the failure among the progress documents of a pull. <see cref="Progress{T}"/> would report it on another thread, too late.
/// </summary>
internal sealed class PullProgress : IProgress<JSONMessage>
{
    /// <summary>The engine's message; null if nothing has failed.</summary>
    public string? Failure { get; private set; }

    public void Report(JSONMessage value) => Failure ??= value.Error?.Message;
}
