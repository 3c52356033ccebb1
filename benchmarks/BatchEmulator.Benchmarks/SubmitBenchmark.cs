using System.Text.Json;

namespace BatchEmulator.Benchmarks;

/// <summary>
/// Measures durable submits and reads per second of waiting jobs: the environment is full, so that no executor takes part.
/// </summary>
internal static class SubmitBenchmark
{
    private const int Described = 100;
    private const int DescribeConnections = 4;

    /// <summary>Duration of the warm-up, until the compiler has finished; it shares the processors with server and load.</summary>
    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(Report report, BenchmarkOptions options, PublishedServer server)
    {
        await using var running = await ServerUnderTest.StartAsync(server.Path, "simulated");
        using var client = await BatchClient.OpenAsync(running);
        await client.PrepareAsync(maxvCpus: 2);
        await client.HoldAsync();
        report.Line($"SubmitJob over HTTP, {server.Name}, answered when on disk; the jobs are held (they wait behind a full environment):");
        // One connection alone is no warm-up: the compiler would take most of its time.
        await Load.RunAsync(running.Address, client.Submit(), 32, Warmup);
        foreach (var connections in new[] { 32, 1 })
        {
            var before = running.ProcessorTime;
            var result = await Load.RunAsync(running.Address, client.Submit(), connections, options.Duration);
            var processor = (running.ProcessorTime - before).TotalMicroseconds / result.Latencies.Count;
            var (p50, p99) = (result.Percentile(50), result.Percentile(99));
            report.Figure(
                $"submits per second, {connections} connection{(connections == 1 ? "" : "s")}",
                $"{result.PerSecond:0} (p50 {p50:0.00} ms, p99 {p99:0.00} ms, {processor:0} us of processor each)",
                connections == 32 ? "target >= 5000" : "");
        }

        await DescribeAsync(report, options, running, client);
        report.Figure(
            "memory after that, all jobs waiting",
            $"VmRSS {running.Memory("VmRSS"):0.0} MiB, RssAnon {running.Memory("RssAnon"):0.0} MiB, {await WaitingAsync(client)} jobs");
    }

    private static async Task DescribeAsync(Report report, BenchmarkOptions options, ServerUnderTest running, BatchClient client)
    {
        var ids = new List<string>();
        while (ids.Count < Described)
        {
            ids.Add(await client.SubmitAsync());
        }

        var describe = client.Request("describejobs", $$"""{"jobs":{{JsonSerializer.Serialize(ids)}}}""");
        await Load.RunAsync(running.Address, describe, DescribeConnections, options.Duration / 4);
        var result = await Load.RunAsync(running.Address, describe, DescribeConnections, options.Duration);
        report.Figure(
            $"DescribeJobs of {Described} ids per second, {DescribeConnections} connections",
            $"{result.PerSecond:0} (p50 {result.Percentile(50):0.00} ms, p99 {result.Percentile(99):0.00} ms)");
    }

    private static async Task<long> WaitingAsync(BatchClient client) =>
        (await client.ControlAsync("info")).GetProperty("counts").GetProperty("jobs").GetProperty("RUNNABLE").GetInt64();
}
