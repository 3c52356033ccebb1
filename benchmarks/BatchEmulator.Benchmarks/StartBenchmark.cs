namespace BatchEmulator.Benchmarks;

/// <summary>Measures the start of the server, and its memory while it is idle.</summary>
internal static class StartBenchmark
{
    private const int Starts = 9;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(Report report, IReadOnlyList<PublishedServer> servers)
    {
        var medians = await StartAsync(report, servers);
        foreach (var (server, median) in servers.Zip(medians).Skip(1))
        {
            report.Figure($"start, {server.Name} / {servers[0].Name}", $"{100 * median / medians[0]:0} %", "target <= 25 %");
        }

        foreach (var server in servers)
        {
            await using var idle = await ServerUnderTest.StartAsync(server.Path, "simulated");
            report.Figure($"memory after the start, {server.Name}", $"{MemoryOf(idle)}");
            await Task.Delay(Quiet);
            report.Figure(
                $"memory after {Quiet.TotalSeconds} quiet seconds, {server.Name}",
                $"{MemoryOf(idle)}",
                server.Name == "native" ? "target < 42.9 MiB (45 MB)" : "");
        }
    }

    /// <summary>Starts the servers in turn, so that other load on the machine slows all of them equally.</summary>
    /// <returns>Median of each server in milliseconds.</returns>
    private static async Task<List<double>> StartAsync(Report report, IReadOnlyList<PublishedServer> servers)
    {
        var startUps = servers.Select(_ => new List<double>()).ToList();
        for (var i = 0; i < Starts; i++)
        {
            foreach (var (server, times) in servers.Zip(startUps))
            {
                await using var started = await ServerUnderTest.StartAsync(server.Path, "simulated");
                times.Add(started.StartUp.TotalMilliseconds);
            }
        }

        startUps.ForEach(times => times.Sort());
        foreach (var (server, times) in servers.Zip(startUps))
        {
            report.Figure(
                $"start to first healthy answer, median of {Starts}, {server.Name}", $"{times[Starts / 2]:0} ms (best {times[0]:0})");
        }

        return [.. startUps.Select(times => times[Starts / 2])];
    }

    private static FormattableString MemoryOf(ServerUnderTest server) =>
        $"VmRSS {server.Memory("VmRSS"):0.0} MiB, RssAnon {server.Memory("RssAnon"):0.0} MiB";
}
