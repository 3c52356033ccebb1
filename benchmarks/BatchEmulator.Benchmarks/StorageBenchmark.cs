using System.Text.Json;

namespace BatchEmulator.Benchmarks;

/// <summary>Compares the storages on the whole server, one after the other in one run: the same requests, with waiting jobs.</summary>
internal static class StorageBenchmark
{
    private const int Connections = 32;
    private const int DescribeConnections = 4;
    private const int Described = 100;

    private static readonly string[] Storages = ["sqlite", "litedb"];
    private static readonly TimeSpan LongestLoading = TimeSpan.FromMinutes(10);

    public static async Task RunAsync(Report report, BenchmarkOptions options, string server)
    {
        var runs = new List<IReadOnlyList<(string Name, double Value)>>();
        foreach (var storage in Storages)
        {
            runs.Add(await MeasureAsync(options, server, storage));
        }

        report.Line($"storages on the whole server: {string.Join(", ", Storages)}, and the quotient");
        for (var i = 0; i < runs[0].Count; i++)
        {
            var (name, first) = runs[0][i];
            var second = runs[1][i].Value;
            report.Figure(name, $"{first,10:0.##} {second,10:0.##} {second / first,8:0.00}");
        }
    }

    private static async Task<IReadOnlyList<(string Name, double Value)>> MeasureAsync(
        BenchmarkOptions options, string server, string storage)
    {
        await using var running = await ServerUnderTest.StartAsync(server, "simulated", "--storage", storage);
        var figures = new List<(string Name, double Value)>();
        using (var client = await BatchClient.OpenAsync(running))
        {
            await client.PrepareAsync(maxvCpus: 2);
            await client.HoldAsync();
            await MeasureRequestsAsync(options, running, client, figures);
        }

        figures.Add(("memory with these jobs, VmRSS in MiB", running.Memory("VmRSS") ?? 0));
        figures.Add(("of it anonymous, RssAnon in MiB", running.Memory("RssAnon") ?? 0));
        figures.Add(("data folder, MiB", running.DataSize / (1024.0 * 1024)));
        await running.RestartAsync();
        figures.Add(("start after a kill, ms", running.StartUp.TotalMilliseconds));
        figures.Add(("memory after that start, VmRSS in MiB", running.Memory("VmRSS") ?? 0));
        return figures;
    }

    private static async Task MeasureRequestsAsync(
        BenchmarkOptions options, ServerUnderTest running, BatchClient client, List<(string Name, double Value)> figures)
    {
        var oldest = await SubmitAsync(client, Described / 2);
        await Load.RunAsync(running.Address, client.Submit(), Connections, options.Duration);
        var submits = await Load.RunAsync(running.Address, client.Submit(), Connections, options.Duration);
        figures.Add(($"submits per second, {Connections} connections", submits.PerSecond));
        figures.Add(("p99, ms", submits.Percentile(99)));
        var single = await Load.RunAsync(running.Address, client.Submit(), 1, options.Duration);
        figures.Add(("submits per second, 1 connection", single.PerSecond));
        figures.Add(("p99, ms", single.Percentile(99)));

        var missing = options.Jobs - await WaitingAsync(client);
        await Load.CountAsync(running.Address, [client.Submit()], Connections, (int)Math.Max(0, missing), LongestLoading);
        figures.Add(("jobs that wait from here on", await WaitingAsync(client)));

        List<string> ids = [.. oldest, .. await SubmitAsync(client, Described / 2)];
        var describe = client.Request("describejobs", $$"""{"jobs":{{JsonSerializer.Serialize(ids)}}}""");
        var described = await Load.RunAsync(running.Address, describe, DescribeConnections, options.Duration);
        figures.Add(($"DescribeJobs of {Described} ids per second, {DescribeConnections} connections", described.PerSecond));
        figures.Add(("p99, ms", described.Percentile(99)));
        foreach (var (name, filter) in Listings)
        {
            var list = client.Request("listjobs", $$"""{"jobQueue":"{{BatchClient.Queue}}",{{filter}}}""");
            var listed = await Load.RunAsync(running.Address, list, 1, options.Duration);
            figures.Add(($"ListJobs, a page of 100, {name}: p50, ms", listed.Percentile(50)));
        }

        // Reads besides submits: every commit invalidates the state that the next read could reuse.
        var both = Load.RunAsync(running.Address, describe, DescribeConnections, options.Duration);
        var submitsBeside = await Load.RunAsync(running.Address, client.Submit(), DescribeConnections, options.Duration);
        figures.Add(
            ($"submits per second, {DescribeConnections} connections, while {DescribeConnections} describe", submitsBeside.PerSecond));
        figures.Add(($"DescribeJobs of {Described} ids per second meanwhile", (await both).PerSecond));
    }

    private static (string Name, string Filter)[] Listings =>
    [
        ("RUNNABLE", "\"jobStatus\":\"RUNNABLE\",\"maxResults\":100"),
        ("by name", "\"filters\":[{\"name\":\"JOB_NAME\",\"values\":[\"bench*\"]}]"),
        ("by definition", $"\"filters\":[{{\"name\":\"JOB_DEFINITION\",\"values\":[\"{BatchClient.Definition}\"]}}]"),
    ];

    private static async Task<List<string>> SubmitAsync(BatchClient client, int count)
    {
        var ids = new List<string>();
        while (ids.Count < count)
        {
            ids.Add(await client.SubmitAsync());
        }

        return ids;
    }

    private static async Task<long> WaitingAsync(BatchClient client) =>
        (await client.ControlAsync("info")).GetProperty("counts").GetProperty("jobs").GetProperty("RUNNABLE").GetInt64();
}
