using System.Diagnostics;
using System.Net;
using System.Text;

namespace BatchEmulator.Benchmarks;

/// <summary>Sends requests over a number of connections, one after the other on each.</summary>
internal static class Load
{
    /// <summary>Sends the same request repeatedly.</summary>
    /// <param name="address">The server.</param>
    /// <param name="request">Request, which must be answered with 200.</param>
    /// <param name="connections">Number of concurrent requests.</param>
    /// <param name="duration">Duration of the load.</param>
    /// <param name="stop">Ends the load early.</param>
    public static Task<LoadResult> RunAsync(
        EndPoint address, byte[] request, int connections, TimeSpan duration, CancellationToken stop = default) =>
        RunAsync(address, [request], connections, duration, int.MaxValue, stop);

    /// <summary>Sends a request at intervals, so that it is measured without adding to the load.</summary>
    public static async Task<LoadResult> ProbeAsync(EndPoint address, byte[] request, TimeSpan pause, TimeSpan duration)
    {
        var started = Stopwatch.GetTimestamp();
        var latencies = new List<TimeSpan>();
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            latencies.AddRange((await RunAsync(address, [request], 1, duration, count: 1)).Latencies);
            await Task.Delay(pause);
        }

        return new LoadResult([.. latencies.Order()], Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Sends a number of requests, taken from a list in turn.</summary>
    /// <returns>Number of requests sent: fewer if it took too long.</returns>
    public static async Task<int> CountAsync(
        EndPoint address, IReadOnlyList<byte[]> requests, int connections, int count, TimeSpan longest) =>
        (await RunAsync(address, requests, connections, longest, count)).Latencies.Count;

    /// <summary>Sends the requests of a list in turn, repeatedly.</summary>
    /// <param name="address">The server.</param>
    /// <param name="requests">Requests, which must be answered with 200.</param>
    /// <param name="connections">Number of concurrent requests.</param>
    /// <param name="duration">Duration of the load.</param>
    /// <param name="count">Number of requests after which the load ends.</param>
    /// <param name="stop">Ends the load early.</param>
    public static async Task<LoadResult> RunAsync(
        EndPoint address,
        IReadOnlyList<byte[]> requests,
        int connections,
        TimeSpan duration,
        int count = int.MaxValue,
        CancellationToken stop = default)
    {
        var started = Stopwatch.GetTimestamp();
        var next = -1;
        var latencies = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            using var connection = await WireConnection.OpenAsync(address);
            var taken = new List<TimeSpan>();
            while (Stopwatch.GetElapsedTime(started) < duration && !stop.IsCancellationRequested
                && Interlocked.Increment(ref next) is var turn && turn < count)
            {
                var sent = Stopwatch.GetTimestamp();
                var (status, body) = await connection.SendAsync(requests[turn % requests.Count]);
                if (status != 200)
                {
                    throw new InvalidOperationException($"{status}: {Encoding.UTF8.GetString(body.Span)}");
                }

                taken.Add(Stopwatch.GetElapsedTime(sent));
            }

            return taken;
        })));
        return new LoadResult([.. latencies.SelectMany(l => l).Order()], Stopwatch.GetElapsedTime(started));
    }
}

/// <summary>Latencies and rate of a load.</summary>
/// <param name="Latencies">Latency of each request, ascending.</param>
/// <param name="Elapsed">Duration of the load.</param>
internal sealed record LoadResult(IReadOnlyList<TimeSpan> Latencies, TimeSpan Elapsed)
{
    public double PerSecond => Latencies.Count / Elapsed.TotalSeconds;

    /// <summary>Latency in milliseconds.</summary>
    public double Percentile(double percent) =>
        Latencies.Count == 0 ? 0 : Latencies[(int)Math.Min(Latencies.Count - 1, Latencies.Count * percent / 100)].TotalMilliseconds;
}
