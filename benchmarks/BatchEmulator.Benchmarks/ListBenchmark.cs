using System.Globalization;
using System.Text.Json;

namespace BatchEmulator.Benchmarks;

/// <summary>Measures a page of each listing of a long queue, and the effect of many listing clients on submits and health checks.</summary>
internal static class ListBenchmark
{
    private const string Queue = "listed";
    private const int LoadingConnections = 32;
    private const int ListingClients = 64;
    private const int SubmittingClients = 8;

    /// <summary>
    /// Number of different jobs in each round of submissions; one of each round is rare in its name, one in its definition, one in its
    /// share.
    /// </summary>
    private const int Round = 1_000;

    private static readonly TimeSpan HealthPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestLoading = TimeSpan.FromMinutes(10);

    public static async Task RunAsync(Report report, BenchmarkOptions options, string server)
    {
        await using var running = await ServerUnderTest.StartAsync(server, "simulated");
        using var client = await BatchClient.OpenAsync(running);
        await PrepareAsync(client);
        var submits = Enumerable.Range(0, Round).Select(i => Submit(client, i)).ToList();
        var half = await Load.CountAsync(running.Address, submits, LoadingConnections, options.Jobs / 2, LongestLoading);
        var middle = (await client.CallAsync("listjobs", Body("\"jobStatus\":\"RUNNABLE\",\"maxResults\":1")))
            .GetProperty("jobSummaryList")[0].GetProperty("createdAt").GetInt64();
        var rest = await Load.CountAsync(running.Address, submits, LoadingConnections, options.Jobs - half, LongestLoading);
        report.Line($"ListJobs of a queue with {half + rest} jobs that wait, pages of 100, one client:");
        var listings = Listings(middle);
        foreach (var (name, body) in listings)
        {
            var page = await client.CallAsync("listjobs", Body(body));
            var result = await Load.RunAsync(running.Address, client.Request("listjobs", Body(body)), 1, options.Duration / 2);
            var found = page.GetProperty("jobSummaryList").GetArrayLength();
            report.Figure(name, $"p50 {result.Percentile(50):0.00} ms, p99 {result.Percentile(99):0.00} ms ({found} jobs)");
        }

        report.Line($"while {ListingClients} clients list, each of them all of that:");
        using var done = new CancellationTokenSource();
        var lists = listings.Select(l => client.Request("listjobs", Body(l.Body))).ToList();
        var listing = Load.RunAsync(running.Address, lists, ListingClients, LongestLoading, stop: done.Token);
        var health = Load.ProbeAsync(running.Address, client.Health(), HealthPause, options.Duration * 2);
        var submitting = Load.RunAsync(running.Address, submits, SubmittingClients, options.Duration * 2);
        Show(report, $"SubmitJob, {SubmittingClients} connections", await submitting);
        Show(report, "health, now and then", await health);
        await done.CancelAsync();
        Show(report, "ListJobs", await listing);
    }

    private static void Show(Report report, string name, LoadResult result)
    {
        var (p50, p99, worst) = (result.Percentile(50), result.Percentile(99), result.Percentile(100));
        report.Figure(name, $"p50 {p50:0.00} ms, p99 {p99:0.00} ms, worst {worst:0.0} ms, {result.PerSecond:0} per second");
    }

    private static async Task PrepareAsync(BatchClient client)
    {
        await client.PrepareAsync(maxvCpus: 2);
        await client.HoldAsync();
        var policy = await client.CallAsync("createschedulingpolicy", """{"name":"shares","fairsharePolicy":{}}""");
        await client.CreateQueueAsync(Queue, $""","schedulingPolicyArn":{policy.GetProperty("arn").GetRawText()}""");
        await client.RegisterAsync("rare", "busybox", "true");
    }

    private static byte[] Submit(BatchClient client, int number)
    {
        var job = new Dictionary<string, object>
        {
            ["jobName"] = number == 0 ? "rare" : $"job-{number % 100}",
            ["jobQueue"] = Queue,
            ["jobDefinition"] = number == 1 ? "rare" : BatchClient.Definition,
            ["shareIdentifier"] = number == 2 ? "rare" : $"s{number % 10}",
            ["schedulingPriorityOverride"] = 1,
        };
        return client.Request("submitjob", JsonSerializer.Serialize(job));
    }

    private static string Body(string more) => $$"""{"jobQueue":"{{Queue}}",{{more}}}""";

    private static List<(string Name, string Body)> Listings(long middle)
    {
        var time = middle.ToString(CultureInfo.InvariantCulture);
        return
        [
            ("RUNNABLE", "\"jobStatus\":\"RUNNABLE\""),
            ("FAILED (none)", "\"jobStatus\":\"FAILED\""),
            Filter("JOB_NAME", "job-7"),
            Filter("JOB_NAME", "RARE"),
            Filter("JOB_NAME", "r*"),
            Filter("JOB_NAME", "*"),
            Filter("JOB_DEFINITION", BatchClient.Definition),
            Filter("JOB_DEFINITION", "rare"),
            Filter("JOB_DEFINITION", "r*"),
            Filter("JOB_DEFINITION", "arn:aws:batch:us-east-1:000000000000:job-definition/rare:1"),
            Filter("BEFORE_CREATED_AT", time),
            Filter("AFTER_CREATED_AT", time),
            Filter("SHARE_IDENTIFIER", "s1"),
            Filter("SHARE_IDENTIFIER", "rare"),
            Filter("SHARE_IDENTIFIER", "rare", "RUNNABLE"),
            Filter("SHARE_IDENTIFIER", "s1", "FAILED"),
        ];
    }

    private static (string Name, string Body) Filter(string name, string value, string? status = null)
    {
        var shown = value.StartsWith("arn:", StringComparison.Ordinal) ? "by ARN"
            : name.EndsWith("CREATED_AT", StringComparison.Ordinal) ? "the middle"
            : value;
        var filters = $$"""
            "filters":[{"name":"{{name}}","values":["{{value}}"]}]
            """;
        return status is null ? ($"{name} {shown}", filters) : ($"{name} {shown} and {status}", $"\"jobStatus\":\"{status}\",{filters}");
    }
}
