using System.Text.Json;
using BatchEmulator.Server.Tests.Delivery;

namespace BatchEmulator.Server.Tests.Executors.Shapes;

/// <summary>Runs jobs of each kind through each state with one executor, and collects the shapes of all documents about them.</summary>
internal sealed class ShapeRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);
    private static readonly IReadOnlyList<string> AllKinds = [.. ShapeJobs.Kinds, "service"];

    private readonly TestServer _server;
    private readonly EventReceiver _events;
    private readonly string _image;
    private readonly bool _isSimulated;

    private ShapeRun(TestServer server, EventReceiver events, string image, bool isSimulated) =>
        (_server, _events, _image, _isSimulated) = (server, events, image, isSimulated);

    /// <summary>Shapes by document, by kind, part and course of the job, and by state.</summary>
    public SortedDictionary<string, string> Shapes { get; } = new(StringComparer.Ordinal);

    public static async Task<IReadOnlyDictionary<string, string>> OfAsync(string executor, string image)
    {
        await using var events = await EventReceiver.StartAsync(_ => (200, ""));
        // Two jobs of one vCPU fill the machine.
        await using var server = await TestServer.StartAsync(
            ("executor", executor), ("host-vcpus", "2"), ("resource-delay", "0"), ("events-webhook", events.Url));
        var run = new ShapeRun(server, events, image, executor == "simulated");
        await run.PrepareAsync();
        await run.WaitingAsync();
        await run.StartingAsync();
        await run.RunningAsync();
        foreach (var (course, status) in new[] { (Course.Succeed, "SUCCEEDED"), (Course.Fail, "FAILED"), (Course.NotStart, "FAILED") })
        {
            await run.EndingAsync(course, status);
        }

        await run.EventsAsync();
        return run.Shapes;
    }

    private async Task PrepareAsync()
    {
        await _server.OkAsync("CreateComputeEnvironment", Requests.ComputeEnvironment("work"));
        await _server.OkAsync("CreateComputeEnvironment", """
            {"computeEnvironmentName":"serverless","type":"MANAGED","computeResources":{"type":"FARGATE","maxvCpus":16,"subnets":["s"],"securityGroupIds":["g"]}}
            """);
        await _server.OkAsync("CreateComputeEnvironment", """
            {"computeEnvironmentName":"cluster","type":"MANAGED","eksConfiguration":{"eksClusterArn":"arn:aws:eks:us-east-1:000000000000:cluster/c","kubernetesNamespace":"n"},
            "computeResources":{"type":"EC2","allocationStrategy":"BEST_FIT_PROGRESSIVE","minvCpus":0,"maxvCpus":16,"instanceTypes":["optimal"],"instanceRole":"r","subnets":["s"],"securityGroupIds":["g"]}}
            """);
        foreach (var queue in new[] { "work", "serverless", "cluster" })
        {
            await _server.OkAsync("CreateJobQueue", Requests.JobQueue(queue));
        }

        await _server.OkAsync("CreateServiceEnvironment", Requests.ServiceEnvironment("training", 16));
        await _server.OkAsync("CreateJobQueue", Requests.ServiceQueue("training"));
        foreach (var course in Enum.GetValues<Course>())
        {
            foreach (var kind in ShapeJobs.Kinds)
            {
                await _server.OkAsync("RegisterJobDefinition", ShapeJobs.Definition(kind, course, _image));
            }
        }
    }

    /// <summary>Collects PENDING and RUNNABLE, in queues whose environments accept no jobs.</summary>
    private async Task WaitingAsync()
    {
        await SetStateAsync("DISABLED");
        var waiting = new List<(string Kind, string Id)>();
        foreach (var kind in AllKinds)
        {
            var id = await SubmitAsync(kind, Course.Succeed);
            waiting.Add((kind, id));
            await CaptureAsync(kind, Course.Succeed, id, kind == "nodes" ? [""] : ShapeJobs.PartsOf(kind, Course.Succeed), "waiting");
        }

        var dependent = (await _server.OkAsync("SubmitJob", Requests.Job("dependent", "work", "single-succeed", $"\"dependsOn\":[{{\"jobId\":\"{waiting[0].Id}\"}}]")))
            .GetProperty("jobId").GetString()!;
        await CaptureAsync("single", Course.Succeed, dependent, [""], "pending");
        waiting.Add(("single", dependent));
        foreach (var (kind, id) in waiting)
        {
            await TerminateAsync(kind, id);
        }

        foreach (var (kind, id) in waiting)
        {
            await UntilAsync(kind, id, "FAILED");
            await CaptureAsync(
                kind, Course.Succeed, id, kind == "nodes" ? [""] : ShapeJobs.PartsOf(kind, Course.Succeed), "terminated while it waited");
        }

        await SetStateAsync("ENABLED");
    }

    /// <summary>Collects STARTING, or SCHEDULED of a service job: placed, and held back.</summary>
    private async Task StartingAsync()
    {
        List<string> holders = _isSimulated ? [] : [await SubmitAsync("single", Course.Run), await SubmitAsync("single", Course.Run)];
        foreach (var holder in holders)
        {
            await UntilAsync("single", holder, "RUNNING");
        }

        var held = new List<(string Kind, string Id)>();
        foreach (var kind in AllKinds)
        {
            held.Add((kind, await SubmitAsync(kind, Course.Hold)));
        }

        foreach (var (kind, id) in held)
        {
            await UntilAsync(kind, kind == "array" ? $"{id}:1" : id, kind == "service" ? "SCHEDULED" : "STARTING");
            await CaptureAsync(kind, Course.Hold, id, ShapeJobs.PartsOf(kind, Course.Hold), "starting");
            await TerminateAsync(kind, id);
        }

        foreach (var (kind, id) in held)
        {
            await UntilAsync(kind, id, "FAILED");
            await CaptureAsync(kind, Course.Hold, id, ShapeJobs.PartsOf(kind, Course.Hold), "terminated while it started");
        }

        foreach (var holder in holders)
        {
            await TerminateAsync("single", holder);
            await UntilAsync("single", holder, "FAILED");
        }
    }

    private async Task RunningAsync()
    {
        foreach (var kind in AllKinds)
        {
            var id = await SubmitAsync(kind, Course.Run);
            var parts = ShapeJobs.PartsOf(kind, Course.Run);
            foreach (var part in parts.Where(part => kind != "array" || part.Length > 0))
            {
                await UntilAsync(kind, id + part, "RUNNING");
            }

            await CaptureAsync(kind, Course.Run, id, parts, "running");
            await TerminateAsync(kind, id);
            foreach (var part in parts)
            {
                await UntilAsync(kind, id + part, "FAILED");
            }

            await CaptureAsync(kind, Course.Run, id, parts, "terminated while it ran");
        }
    }

    private async Task EndingAsync(Course course, string status)
    {
        foreach (var kind in AllKinds)
        {
            var id = await SubmitAsync(kind, course);
            await UntilAsync(kind, id, status);
            await CaptureAsync(kind, course, id, ShapeJobs.PartsOf(kind, course), "ended");
        }
    }

    private async Task CaptureAsync(string kind, Course course, string id, IReadOnlyList<string> parts, string moment)
    {
        foreach (var part in parts)
        {
            var job = await DescribeAsync(kind, id + part);
            var key = $"{kind}{part} {course}, {moment}";
            Shapes[$"describe {key}"] = Shape.Of(job);
            Shapes[$"summary {key}"] = Shape.Of(await SummaryAsync(kind, id, part, job.GetProperty("status").GetString()!));
        }
    }

    private async Task<JsonElement> SummaryAsync(string kind, string id, string part, string status)
    {
        var (operation, from) = kind == "service" ? ("ListServiceJobs", "\"jobQueue\":\"training\"")
            : part.StartsWith(':') ? ("ListJobs", $"\"arrayJobId\":\"{id}\"")
            : part.StartsWith('#') ? ("ListJobs", $"\"multiNodeJobId\":\"{id}\"")
            : ("ListJobs", $"\"jobQueue\":\"{ShapeJobs.QueueOf(kind)}\"");
        var list = await _server.OkAsync(operation, $"{{{from},\"jobStatus\":\"{status}\"}}");
        return list.GetProperty("jobSummaryList").EnumerateArray().Single(s => s.GetProperty("jobId").GetString() == id + part);
    }

    /// <summary>Returns the shapes of all events, by job, part and status; those of nodes that may end at any point are left out.</summary>
    private async Task EventsAsync()
    {
        string[] ended = [.. AllKinds.SelectMany(kind => Enum.GetValues<Course>().Select(course => ShapeJobs.NameOf(kind, course)))];
        await _events.UntilAsync(accepted => accepted.Select(DetailOf)
            .Where(detail => detail.GetProperty("status").GetString() is "SUCCEEDED" or "FAILED")
            .Select(d => d.GetProperty("jobName").GetString())
            .ToHashSet().IsSupersetOf(ended));
        foreach (var group in _events.Accepted.Select(DetailOf).Where(IsCompared).GroupBy(KeyOf))
        {
            Shapes[group.Key] = string.Join("\n", group.Select(Shape.Of).Distinct().Order(StringComparer.Ordinal));
        }
    }

    private static JsonElement DetailOf(ReceivedRequest request) => JsonDocument.Parse(request.Body).RootElement.GetProperty("detail");

    private static bool IsCompared(JsonElement detail) =>
        !detail.GetProperty("jobId").GetString()!.EndsWith("#1", StringComparison.Ordinal);

    private static string KeyOf(JsonElement detail)
    {
        var id = detail.GetProperty("jobId").GetString()!;
        var mark = id.AsSpan().IndexOfAny(':', '#');
        return $"event {detail.GetProperty("jobName").GetString()}{(mark < 0 ? "" : id[mark..])} {detail.GetProperty("status").GetString()}";
    }

    private async Task SetStateAsync(string state)
    {
        foreach (var environment in new[] { "work", "serverless", "cluster" })
        {
            await _server.OkAsync("UpdateComputeEnvironment", $$"""{"computeEnvironment":"{{environment}}","state":"{{state}}"}""");
        }

        await _server.OkAsync("UpdateServiceEnvironment", $$"""{"serviceEnvironment":"training","state":"{{state}}"}""");
    }

    private async Task<string> SubmitAsync(string kind, Course course)
    {
        var request = ShapeJobs.Submission(kind, course, ShapeJobs.QueueOf(kind)).Replace("IMAGE", _image, StringComparison.Ordinal);
        return (await _server.OkAsync(kind == "service" ? "SubmitServiceJob" : "SubmitJob", request)).GetProperty("jobId").GetString()!;
    }

    private Task TerminateAsync(string kind, string id) =>
        _server.OkAsync(kind == "service" ? "TerminateServiceJob" : "TerminateJob", $$"""{"jobId":"{{id}}","reason":"enough"}""");

    private async Task<JsonElement> DescribeAsync(string kind, string id) => kind == "service"
        ? await _server.OkAsync("DescribeServiceJob", $$"""{"jobId":"{{id}}"}""")
        : await _server.DescribeAsync(id);

    private Task UntilAsync(string kind, string id, string status) => kind == "service"
        ? _server.UntilAsync("DescribeServiceJob", $$"""{"jobId":"{{id}}"}""", job => job.GetProperty("status").GetString() == status, Patience)
        : _server.WaitForAsync(id, status, Patience);
}
