using System.Diagnostics;
using System.Text.Json;

namespace BatchEmulator.Benchmarks;

/// <summary>
/// Containers per second as jobs, compared with the same containers from a bare loop over the Engine API at the same concurrency. Both
/// remove their containers; the jobs' output is read and stored, too.
/// </summary>
internal static class ContainerBenchmark
{
    private const int Concurrency = 4;
    private const int WarmUp = 8;

    /// <summary>An even number, so that each side goes first as often as the other.</summary>
    private const int Rounds = 6;

    private static readonly TimeSpan PollPause = TimeSpan.FromMilliseconds(25);

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

        await using var running = await ServerUnderTest.StartAsync(server, "docker", "--host-vcpus", "64", "--host-memory", "4096");
        using var client = await BatchClient.OpenAsync(running);
        await client.PrepareAsync(Concurrency, image);
        var perRound = Math.Max(Concurrency, options.Containers / Rounds);
        report.Line($"Containers that do nothing, {Concurrency} at once, {Rounds} rounds of {perRound} by each side:");
        await BareAsync(engine, image, WarmUp);
        await JobsAsync(engine, client, WarmUp);
        var (bare, jobs) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            // Alternately, since a machine that is busy for a while, or an engine that becomes slower with age, would favour one of them.
            if (round % 2 == 0)
            {
                bare.Add(await BareAsync(engine, image, perRound));
                jobs.Add(await JobsAsync(engine, client, perRound));
            }
            else
            {
                jobs.Add(await JobsAsync(engine, client, perRound));
                bare.Add(await BareAsync(engine, image, perRound));
            }
        }

        var ratios = jobs.Zip(bare, (job, loop) => job / loop * 100).ToList();
        report.Figure("bare loop: create, start, wait, remove; median", $"{Median(bare):0.00} per second");
        report.Figure("as jobs of the docker executor, median", $"{Median(jobs):0.00} per second");
        report.Figure("ratio, median of the rounds", $"{Median(ratios):0} % ({ratios.Min():0} to {ratios.Max():0} %)", "target >= 95 %");
    }

    /// <returns>Containers per second.</returns>
    private static async Task<double> BareAsync(DockerEngine engine, string image, int count)
    {
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = Concurrency },
            async (_, token) => await engine.RunAsync(image, token));
        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <returns>Jobs per second, from the first submit until the last one has succeeded and no container is left.</returns>
    private static async Task<double> JobsAsync(DockerEngine engine, BatchClient client, int count)
    {
        var before = (await CountsAsync(client)).GetProperty("SUCCEEDED").GetInt64();
        var started = Stopwatch.GetTimestamp();
        var jobs = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            jobs.Add(await client.SubmitAsync());
        }

        while (await CountsAsync(client) is var counts && counts.GetProperty("SUCCEEDED").GetInt64() < before + count)
        {
            if (counts.GetProperty("FAILED").GetInt64() > 0)
            {
                throw new InvalidOperationException("A job failed.");
            }

            await Task.Delay(PollPause);
        }

        while (await engine.HasContainersOfAsync(jobs))
        {
            await Task.Delay(PollPause);
        }

        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    private static async Task<JsonElement> CountsAsync(BatchClient client) =>
        (await client.ControlAsync("info")).GetProperty("counts").GetProperty("jobs");
}
