using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace BatchEmulator.Server.Tests.Durability;

/// <summary>
/// Submits jobs from several sides, kills the server at a moment that a seed decides, starts it again on the same data, and so on; then
/// waits until all jobs have ended.
/// </summary>
/// <param name="executor">Name of the executor.</param>
/// <param name="data">The data folder.</param>
/// <param name="seed">Seed that decides when the server is killed.</param>
internal sealed class KillStorm(string executor, string data, int seed)
{
    private const int Submitters = 8;
    private const int DescribedAtOnce = 100;
    private static readonly TimeSpan PollPause = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentBag<string> _acknowledged = [];

    /// <summary>Ids of the jobs that the server acknowledged.</summary>
    public IReadOnlyCollection<string> Acknowledged => _acknowledged;

    /// <summary>Maximum number of jobs that were running or starting when a server was killed.</summary>
    public int Interruptible { get; private set; }

    /// <summary>Further options of the server.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>
    /// Kills the server once enough jobs have succeeded, rather than been acknowledged: others are then at every stage of their lives.
    /// </summary>
    public bool KillsWhenJobsEnd { get; init; }

    /// <summary>The server after all jobs have ended.</summary>
    public async Task<ServerProcess> RunAsync(int rounds, int jobsPerRound, string definition, string job, int maxvCpus)
    {
        var random = new Random(seed);
        await using (var first = await StartAsync())
        {
            await PostAsync(first, "createcomputeenvironment", Requests.ComputeEnvironment("storm", maxvCpus));
            await UntilAsync(
                first,
                "describecomputeenvironments",
                r => r.GetProperty("computeEnvironments")[0].GetProperty("status").GetString() == "VALID");
            await PostAsync(first, "createjobqueue", Requests.JobQueue("storm"));
            await PostAsync(first, "registerjobdefinition", definition);
        }

        for (var round = 0; round < rounds; round++)
        {
            await using var server = await StartAsync();
            await SubmitUntilKilledAsync(server, random.Next(jobsPerRound / 4, jobsPerRound), job);
            Interruptible += maxvCpus;
        }

        var last = await StartAsync();
        await UntilAllEndedAsync(last);
        return last;
    }

    /// <summary>Returns all acknowledged jobs, as the server describes them.</summary>
    public async Task<IReadOnlyDictionary<string, JsonElement>> DescribeAsync(ServerProcess server)
    {
        var found = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var ids in _acknowledged.Chunk(DescribedAtOnce))
        {
            var reply = await PostAsync(server, "describejobs", $$"""{"jobs":{{JsonSerializer.Serialize(ids)}}}""");
            foreach (var job in reply.GetProperty("jobs").EnumerateArray())
            {
                found.Add(job.GetProperty("jobId").GetString()!, job);
            }
        }

        return found;
    }

    /// <summary>Returns the number of jobs in each status.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> CountAsync(ServerProcess server)
    {
        using var info = JsonDocument.Parse(await server.Http.GetStringAsync(new Uri("/_emulator/info", UriKind.Relative)));
        return info.RootElement.GetProperty("counts").GetProperty("jobs").EnumerateObject()
            .ToDictionary(s => s.Name, s => s.Value.GetInt64(), StringComparer.Ordinal);
    }

    private Task<ServerProcess> StartAsync() => ServerProcess.StartAsync(data, executor, [.. Options]);

    private async Task SubmitUntilKilledAsync(ServerProcess server, int killAfter, string job)
    {
        var killing = KillsWhenJobsEnd ? KillWhenEndedAsync(server, killAfter) : Task.CompletedTask;
        var count = 0;
        await Task.WhenAll(Enumerable.Range(0, Submitters).Select(_ => Task.Run(async () =>
        {
            try
            {
                // A round ends with the kill; few jobs need to run until then.
                while (!KillsWhenJobsEnd || Volatile.Read(ref count) < killAfter + Submitters)
                {
                    var reply = await PostAsync(server, "submitjob", job);
                    _acknowledged.Add(reply.GetProperty("jobId").GetString()!);
                    if (Interlocked.Increment(ref count) == killAfter && !KillsWhenJobsEnd)
                    {
                        // The other submitters are still submitting.
                        server.Kill();
                    }
                }
            }
            catch (HttpRequestException exception) when (exception.StatusCode is null)
            {
                // The server is gone. A job whose response was lost may or may not exist.
            }
        })));
        await killing;
    }

    private static async Task KillWhenEndedAsync(ServerProcess server, int count)
    {
        using var patience = new CancellationTokenSource(TestServer.Patience);
        await using var stream = await server.Http.GetStreamAsync(new Uri("/_emulator/events", UriKind.Relative), patience.Token);
        using var events = new StreamReader(stream);
        while (count > 0)
        {
            var line = await events.ReadLineAsync(patience.Token) ?? throw new InvalidOperationException("The events end.");
            count -= line.Contains("\"status\":\"SUCCEEDED\"", StringComparison.Ordinal) ? 1 : 0;
        }

        server.Kill();
    }

    private static async Task UntilAllEndedAsync(ServerProcess server)
    {
        var started = Stopwatch.GetTimestamp();
        while (await CountAsync(server) is var counts && counts.Any(c => c.Key is not ("SUCCEEDED" or "FAILED") && c.Value > 0))
        {
            if (Stopwatch.GetElapsedTime(started) > TestServer.Patience)
            {
                throw new TimeoutException($"Jobs do not end: {string.Join(", ", counts)}");
            }

            await Task.Delay(PollPause);
        }
    }

    private static async Task UntilAsync(ServerProcess server, string path, Func<JsonElement, bool> isExpected)
    {
        var started = Stopwatch.GetTimestamp();
        while (!isExpected(await PostAsync(server, path, "{}")))
        {
            if (Stopwatch.GetElapsedTime(started) > TestServer.Patience)
            {
                throw new TimeoutException(path);
            }

            await Task.Delay(PollPause);
        }
    }

    private static async Task<JsonElement> PostAsync(ServerProcess server, string path, string json)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(json));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await server.Http.PostAsync(new Uri($"/v1/{path}", UriKind.Relative), content);
        var body = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.Should().BeTrue(body);
        return JsonDocument.Parse(body).RootElement;
    }
}
