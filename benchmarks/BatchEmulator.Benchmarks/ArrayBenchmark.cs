using System.Diagnostics;
using System.Text.Json;

namespace BatchEmulator.Benchmarks;

/// <summary>Measures the submission of the largest array, and reads meanwhile.</summary>
internal static class ArrayBenchmark
{
    private const int Size = 10_000;
    private const int Arrays = 5;
    private const int Described = 10;

    public static async Task RunAsync(Report report, string server)
    {
        await using var running = await ServerUnderTest.StartAsync(server, "simulated");
        using var client = await BatchClient.OpenAsync(running);
        await client.PrepareAsync(maxvCpus: 2);
        await client.HoldAsync();
        var ids = new List<string>();
        while (ids.Count < Described)
        {
            ids.Add(await client.SubmitAsync());
        }

        var describe = client.Request("describejobs", $$"""{"jobs":{{JsonSerializer.Serialize(ids)}}}""");
        await Load.RunAsync(running.Address, describe, 1, TimeSpan.FromSeconds(1));
        using var done = new CancellationTokenSource();
        var reading = Load.RunAsync(running.Address, describe, 1, TimeSpan.FromMinutes(5), done.Token);
        var taken = new List<double>();
        for (var i = 0; i < Arrays; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await client.SubmitAsync($$""","arrayProperties":{"size":{{Size}}}""");
            taken.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        await done.CancelAsync();
        var reads = await reading;
        report.Line($"SubmitJob of an array of {Size} children, {Arrays} times, while DescribeJobs of {Described} ids continues:");
        report.Figure(
            "time of a submit",
            $"first {taken[0]:0} ms, median {taken.Order().ElementAt(Arrays / 2):0} ms, worst {taken.Max():0} ms",
            "target < 500 ms");
        report.Figure(
            "DescribeJobs meanwhile",
            $"p50 {reads.Percentile(50):0.00} ms, p99 {reads.Percentile(99):0.0} ms, worst {reads.Percentile(100):0.0} ms",
            "target p99 < 100 ms");
    }
}
