using System.Diagnostics;
using System.Net;
using System.Text;

namespace BatchEmulator.Benchmarks;

/// <summary>Sends requests over a number of connections, on each of them one after the other.</summary>
internal static class Load
{
    /// <summary>Sends the same request again and again.</summary>
    /// <param name="address">The server.</param>
    /// <param name="request">Must be answered with 200.</param>
    /// <param name="connections">How many requests are under way at once.</param>
    /// <param name="duration">How long.</param>
    /// <param name="stop">Ends it earlier.</param>
    public static async Task<LoadResult> RunAsync(
        EndPoint address, byte[] request, int connections, TimeSpan duration, CancellationToken stop = default)
    {
        var started = Stopwatch.GetTimestamp();
        var latencies = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            using var connection = await WireConnection.OpenAsync(address);
            var taken = new List<TimeSpan>();
            while (Stopwatch.GetElapsedTime(started) < duration && !stop.IsCancellationRequested)
            {
                var sent = Stopwatch.GetTimestamp();
                var (status, body) = await connection.SendAsync(request);
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

/// <summary>What a load took.</summary>
/// <param name="Latencies">Of each request, ascending.</param>
/// <param name="Elapsed">Of the whole.</param>
internal sealed record LoadResult(IReadOnlyList<TimeSpan> Latencies, TimeSpan Elapsed)
{
    public double PerSecond => Latencies.Count / Elapsed.TotalSeconds;

    /// <summary>In milliseconds.</summary>
    public double Percentile(double percent) =>
        Latencies.Count == 0 ? 0 : Latencies[(int)Math.Min(Latencies.Count - 1, Latencies.Count * percent / 100)].TotalMilliseconds;
}
