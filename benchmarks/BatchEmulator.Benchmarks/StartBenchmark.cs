namespace BatchEmulator.Benchmarks;

/// <summary>Measures the start of the server, and its memory while it is idle.</summary>
internal static class StartBenchmark
{
    private const int Starts = 5;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(Report report, string server)
    {
        var startUps = new List<double>();
        for (var i = 0; i < Starts; i++)
        {
            await using var started = await ServerUnderTest.StartAsync(server, "simulated");
            startUps.Add(started.StartUp.TotalMilliseconds);
        }

        startUps.Sort();
        report.Figure($"start to first healthy answer, median of {Starts}", $"{startUps[Starts / 2]:0} ms (best {startUps[0]:0})", "aim < 200 ms");
        await using var idle = await ServerUnderTest.StartAsync(server, "simulated");
        report.Figure("memory after the start", $"VmRSS {idle.Memory("VmRSS"):0.0} MiB, RssAnon {idle.Memory("RssAnon"):0.0} MiB", "aim < 70 MiB");
        await Task.Delay(Quiet);
        report.Figure($"memory after {Quiet.TotalSeconds} quiet seconds", $"VmRSS {idle.Memory("VmRSS"):0.0} MiB, RssAnon {idle.Memory("RssAnon"):0.0} MiB");
    }
}
