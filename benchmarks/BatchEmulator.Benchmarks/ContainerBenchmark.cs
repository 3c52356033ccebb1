using System.Diagnostics;
using System.Text.Json;

namespace BatchEmulator.Benchmarks;

/// <summary>Containers per second as jobs, beside the same containers from a bare loop over the Engine API at the same concurrency.</summary>
internal static class ContainerBenchmark
{
    private const int Concurrency = 4;
    private const int WarmUp = 8;

    public static async Task RunAsync(Report report, BenchmarkOptions options, string server)
    {
        using var engine = await DockerEngine.FindAsync();
        if (engine is null)
        {
            report.Line("Containers: skipped, no Docker engine answers.");
            return;
        }

        if (await engine.MakeImageAsync() is not { } image)
        {
            report.Line($"Containers: skipped, there is no {DockerEngine.Busybox} to make an image of (Debian: busybox-static).");
            return;
        }

        report.Line($"{options.Containers} containers that do nothing, {Concurrency} at once:");
        await BareAsync(engine, image, WarmUp);
        // Before and after, since a busy machine or an engine that gets slower with age would favour one of them.
        var bare = await BareAsync(engine, image, options.Containers / 2);
        var jobs = await JobsAsync(server, image, options.Containers);
        bare = (bare + await BareAsync(engine, image, options.Containers / 2)) / 2;
        report.Figure("bare loop: create, start, wait, remove", $"{bare:0.00} per second");
        report.Figure("as jobs of the docker executor", $"{jobs:0.00} per second");
        report.Figure("ratio", $"{jobs / bare * 100:0} %", "target >= 85 %");
    }

    /// <returns>Containers per second.</returns>
    private static async Task<double> BareAsync(DockerEngine engine, string image, int count)
    {
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = Concurrency }, async (_, token) => await engine.RunAsync(image, token));
        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <returns>Jobs per second, from the first submit to the end of the last one.</returns>
    private static async Task<double> JobsAsync(string server, string image, int count)
    {
        await using var running = await ServerUnderTest.StartAsync(server, "docker", "--host-vcpus", "64", "--host-memory", "4096");
        using var client = await BatchClient.OpenAsync(running);
        await client.PrepareAsync(Concurrency, image);
        await RunAsync(client, WarmUp, WarmUp);
        var started = Stopwatch.GetTimestamp();
        await RunAsync(client, count, WarmUp + count);
        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task RunAsync(BatchClient client, int count, int succeeded)
    {
        for (var i = 0; i < count; i++)
        {
            await client.SubmitAsync();
        }

        while (await CountsAsync(client) is var counts && counts.GetProperty("SUCCEEDED").GetInt64() < succeeded)
        {
            if (counts.GetProperty("FAILED").GetInt64() > 0)
            {
                throw new InvalidOperationException("A job failed.");
            }

            await Task.Delay(10);
        }
    }

    private static async Task<JsonElement> CountsAsync(BatchClient client) => (await client.ControlAsync("info")).GetProperty("counts").GetProperty("jobs");
}
