using System.Globalization;
using BatchEmulator.Core.Attempts;
using BatchEmulator.Hosting.Engine;
using BatchEmulator.Hosting.Events;
using BatchEmulator.Hosting.Health;
using BatchEmulator.Hosting.Output;

namespace BatchEmulator.Hosting.Control;

/// <summary>
/// <c>GET /_emulator/health</c>: the condition of each part of the server. It waits for none of them, except briefly for an executor that
/// has to query its engine.
/// </summary>
internal sealed class HealthEndpoint(
    StartProgress start, EngineLoop loop, QueuedLogStore logs, IJobExecutor executor, IReadOnlyList<EventDelivery> deliveries)
{
    private const string Starting = "starting";
    private const string Ok = "ok";
    private const string Degraded = "degraded";
    private const string Failed = "failed";

    private static readonly TimeSpan CheckPatience = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private DateTimeOffset? _executorFailsSince;

    /// <returns>The body, and true if the server can be used.</returns>
    public async Task<(Health Health, bool IsUsable)> CheckAsync()
    {
        var parts = new HealthParts(
            Of(loop.Failure), Of(loop.StoreFailure), Of(logs.Failure), Of(await CheckExecutorAsync()), Of(Combined(deliveries)));
        var status = parts.Engine.Status == Failed || parts.Store.Status == Failed ? Failed
            : !start.IsComplete ? Starting
            : parts.All.All(part => part.Status == Ok) ? Ok
            : Degraded;
        return (new Health(status, parts), status is Ok or Degraded);
    }

    private static PartHealth Of(PartFailure? failure) => failure is null
        ? new PartHealth(Ok)
        : new PartHealth(
            failure.IsFatal ? Failed : Degraded,
            failure.Error,
            failure.Since.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));

    private static PartFailure? Combined(IReadOnlyList<EventDelivery> deliveries)
    {
        var failures = deliveries.Select(delivery => delivery.Failure).OfType<PartFailure>().OrderBy(failure => failure.Since).ToList();
        return failures.Count == 0 ? null : failures[0] with { Error = string.Join(' ', failures.Select(failure => failure.Error)) };
    }

    private async Task<PartFailure?> CheckExecutorAsync()
    {
        string? error;
        using var patience = new CancellationTokenSource(CheckPatience);
        try
        {
            error = await executor.CheckAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            error = $"The engine of the {executor.Name} executor has not answered within {CheckPatience.TotalSeconds:0} second.";
        }

        lock (_gate)
        {
            _executorFailsSince = error is null ? null : _executorFailsSince ?? TimeProvider.System.GetUtcNow();
            return error is null ? null : new PartFailure(_executorFailsSince!.Value, error);
        }
    }
}
