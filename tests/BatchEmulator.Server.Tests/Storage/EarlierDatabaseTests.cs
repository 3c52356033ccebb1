using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using BatchEmulator.Storage.Sqlite.Batch;
using BatchEmulator.Storage.Sqlite.Database;

namespace BatchEmulator.Server.Tests.Storage;

/// <summary>
/// Data folders that earlier versions wrote, one for each schema of <c>batch.db</c>; <c>Databases/fill.sh</c> describes their content.
/// </summary>
public sealed class EarlierDatabaseTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("batch-emulator-test-").FullName;

    /// <summary>Schemas that have a data folder.</summary>
    public static TheoryData<int> Schemas =>
        [.. Directory.GetDirectories(Databases()).Select(folder => int.Parse(Path.GetFileName(folder)[1..], CultureInfo.InvariantCulture)).Order()];

    [Theory]
    [MemberData(nameof(Schemas))]
    public async Task Resources_are_described_as_they_were_stored(int schema)
    {
        await using var server = await OpenAsync(schema);

        (await TeamsAsync(server, "DescribeComputeEnvironments", "computeEnvironments", "computeEnvironmentName")).Should()
            .Contain(["main VALID a", "outside VALID"]);
        (await TeamsAsync(server, "DescribeJobQueues", "jobQueues", "jobQueueName")).Should().Contain(["work VALID b", "closed VALID b"]);
        (await TeamsAsync(server, "DescribeJobDefinitions", "jobDefinitions", "jobDefinitionName")).Should()
            .Contain(["plain INACTIVE", "plain ACTIVE c", "task ACTIVE", "pod ACTIVE", "nodes ACTIVE"]);
        if (schema >= 2)
        {
            var queue = (await server.OkAsync("DescribeJobQueues", """{"jobQueues":["work"]}""")).GetProperty("jobQueues")[0];
            queue.GetProperty("jobStateTimeLimitActions").GetArrayLength().Should().Be(1);
        }

        if (schema >= 3)
        {
            var policy = (await server.OkAsync("ListSchedulingPolicies", "{}")).GetProperty("schedulingPolicies")[0].GetProperty("arn")
                .GetString();
            var described = await server.OkAsync("DescribeSchedulingPolicies", $$"""{"arns":["{{policy}}"]}""");
            described.GetProperty("schedulingPolicies")[0]
                .GetProperty("fairsharePolicy")
                .GetProperty("shareDecaySeconds")
                .GetInt32()
                .Should()
                .Be(3600);
        }

        if (schema >= 4)
        {
            (await TeamsAsync(server, "DescribeServiceEnvironments", "serviceEnvironments", "serviceEnvironmentName")).Should()
                .Equal("training VALID f");
        }

        if (schema >= 5)
        {
            var license = await server.OkAsync("DescribeConsumableResource", """{"consumableResource":"license"}""");
            license.GetProperty("inUseQuantity").GetInt64().Should().Be(2);
            license.GetProperty("tags").GetProperty("team").GetString().Should().Be("g");
        }
    }

    [Theory]
    [MemberData(nameof(Schemas))]
    public async Task Jobs_are_listed_and_described_as_they_were_stored(int schema)
    {
        await using var server = await OpenAsync(schema);

        (await StatesAsync(server, schema)).Should().Equal(StoredStates(schema));
        var failed = await DescribeAsync(server, "work", "failed");
        failed.GetProperty("attempts")
            .EnumerateArray()
            .Select(attempt => attempt.GetProperty("container").GetProperty("exitCode").GetInt32())
            .Should()
            .Equal(3, 3);
        (await DescribeAsync(server, "work", "terminated")).GetProperty("statusReason").GetString().Should().Be("enough of it");
        (await ChildrenAsync(server, "parts")).Should().Equal("SUCCEEDED 3");
        (await ChildrenAsync(server, "broken")).Should().Equal("FAILED 2");
        (await ChildrenAsync(server, "steps")).Should().Equal("PENDING 2", "RUNNING 1");
        (await DescribeAsync(server, "work", "task"))
            .GetProperty("ecsProperties")
            .GetProperty("taskProperties")[0]
            .GetProperty("containers")
            .GetArrayLength()
            .Should().Be(2);
        (await DescribeAsync(server, "pods", "pod")).GetProperty("eksProperties").GetProperty("podProperties").GetProperty("containers")[0]
            .GetProperty("exitCode").GetInt32().Should().Be(0);
        (await DescribeAsync(server, "work", "nodes")).GetProperty("nodeProperties").GetProperty("numNodes").GetInt32().Should().Be(2);
        var done = await DescribeAsync(server, "work", "done");
        done.GetProperty("tags").GetProperty("team").GetString().Should().Be("d");
        done.GetProperty("parameters").GetProperty("what").GetString().Should().Be("something");
        (await OutputAsync(server, done)).Should().Equal("hello");
    }

    [Theory]
    [MemberData(nameof(Schemas))]
    public async Task Running_jobs_continue_and_let_those_behind_them_run(int schema)
    {
        await using var server = await OpenAsync(schema);
        var held = StoredStates(schema)
            .Where(state => state.Contains("held", StringComparison.Ordinal) || state is "steps PENDING" or "nodes RUNNING");
        foreach (var state in held.ToList())
        {
            var (queue, id) = await FindAsync(server, schema, state.Split(' ')[0]);
            await server.OkAsync(queue == "trainings" ? "TerminateServiceJob" : "TerminateJob", $$"""{"jobId":"{{id}}","reason":"go on"}""");
        }

        var ends = StoredStates(schema).Select(EndOf).ToList();
        using var patience = new CancellationTokenSource(TestServer.Patience);
        while (!(await StatesAsync(server, schema)).SequenceEqual(ends))
        {
            await Task.Delay(20, patience.Token);
        }

        await server.RestartAsync();
        (await StatesAsync(server, schema)).Should().Equal(ends);
        (await OutputAsync(server, await DescribeAsync(server, "work", "done"))).Should().Equal("hello");
    }

    [Theory]
    [MemberData(nameof(Schemas))]
    public void Migrated_database_is_like_a_new_one(int schema)
    {
        Copy(schema);
        var (earlier, created) = (Path.Combine(_folder, "batch.db"), Path.Combine(_folder, "new.db"));
        SchemaOf(earlier).Version.Should().Be(schema);
        string instance;
        using (var store = new SqliteBatchStore(earlier))
        {
            instance = store.InstanceId;
        }

        new SqliteBatchStore(created).Dispose();
        SchemaOf(earlier).Should().BeEquivalentTo(SchemaOf(created));
        using var again = new SqliteBatchStore(earlier);
        again.InstanceId.Should().Be(instance);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Jobs by queue in the order of submission, as <c>fill.sh</c> left them.</summary>
    private static List<string> StoredStates(int schema) =>
    [
        "done SUCCEEDED", "failed FAILED", "parts SUCCEEDED", "broken FAILED", "task SUCCEEDED", "terminated FAILED",
        "held RUNNING", "steps PENDING", "nodes RUNNING", "waiting RUNNABLE", "after PENDING", "pod SUCCEEDED",
        .. schema >= 3 ? ["share-held RUNNING", "share-waiting RUNNABLE"] : Array.Empty<string>(),
        .. schema >= 4 ? ["trained SUCCEEDED", "training-held RUNNING", "training-waiting RUNNABLE"] : Array.Empty<string>(),
        .. schema >= 5 ? ["licensed-held RUNNING", "licensed-waiting RUNNABLE"] : Array.Empty<string>(),
    ];

    /// <summary>Returns the end of a job after all unfinished jobs are terminated.</summary>
    private static string EndOf(string state)
    {
        var words = state.Split(' ');
        return words[1] == "RUNNING" || words[0] == "steps" ? $"{words[0]} FAILED"
            : words[1] is "RUNNABLE" or "PENDING" ? $"{words[0]} SUCCEEDED"
            : state;
    }

    private static IEnumerable<string> QueuesOf(int schema) =>
        new[] { ("work", 1), ("pods", 1), ("shared", 3), ("trainings", 4), ("licenses", 5) }
        .Where(queue => queue.Item2 <= schema).Select(queue => queue.Item1);

    private static async Task<List<string>> StatesAsync(TestServer server, int schema)
    {
        var states = new List<string>();
        foreach (var queue in QueuesOf(schema))
        {
            states.AddRange((await ListAsync(server, queue)).Select(job => $"{NameOf(job)} {job.GetProperty("status").GetString()}"));
        }

        return states;
    }

    private static async Task<(string Queue, string Id)> FindAsync(TestServer server, int schema, string name)
    {
        foreach (var queue in QueuesOf(schema))
        {
            if ((await ListAsync(server, queue)).FirstOrDefault(job => NameOf(job) == name) is { ValueKind: JsonValueKind.Object } job)
            {
                return (queue, job.GetProperty("jobId").GetString()!);
            }
        }

        throw new InvalidOperationException($"No job {name} is listed.");
    }

    /// <summary>Lists all jobs of a queue in the order of submission.</summary>
    private static async Task<List<JsonElement>> ListAsync(TestServer server, string queue)
    {
        var operation = queue == "trainings" ? "ListServiceJobs" : "ListJobs";
        var list = await server.OkAsync(operation, $$"""{"jobQueue":"{{queue}}","filters":[{"name":"JOB_NAME","values":["*"]}]}""");
        return [.. list.GetProperty("jobSummaryList").EnumerateArray().OrderBy(job => job.GetProperty("createdAt").GetInt64())];
    }

    private static string NameOf(JsonElement job) => job.GetProperty("jobName").GetString()!;

    private static async Task<JsonElement> DescribeAsync(TestServer server, string queue, string name) =>
        await server.DescribeAsync((await ListAsync(server, queue)).Single(job => NameOf(job) == name).GetProperty("jobId").GetString()!);

    /// <summary>Counts the children of an array by status.</summary>
    private static async Task<IEnumerable<string>> ChildrenAsync(TestServer server, string name) =>
        (await DescribeAsync(server, "work", name)).GetProperty("arrayProperties").GetProperty("statusSummary").EnumerateObject()
            .Where(status => status.Value.GetInt32() > 0).Select(status => $"{status.Name} {status.Value}").Order(StringComparer.Ordinal);

    private static async Task<IEnumerable<string?>> OutputAsync(TestServer server, JsonElement job)
    {
        var stream = job.GetProperty("container").GetProperty("logStreamName").GetString();
        var events = await server.CallLogsAsync("GetLogEvents", $$"""{"logGroupName":"/aws/batch/job","logStreamName":"{{stream}}","startFromHead":true}""");
        return events.Ok().GetProperty("events").EnumerateArray().Select(line => line.GetProperty("message").GetString());
    }

    /// <summary>Describes all resources of a kind: name, status, and the tag <c>team</c> if there is one.</summary>
    private static async Task<IEnumerable<string>> TeamsAsync(TestServer server, string operation, string list, string name) =>
        (await server.OkAsync(operation, "{}")).GetProperty(list).EnumerateArray().Select(resource =>
            $"{resource.GetProperty(name).GetString()} {resource.GetProperty("status").GetString()} {TeamOf(resource)}".TrimEnd());

    private static string? TeamOf(JsonElement resource) =>
        resource.TryGetProperty("tags", out var tags) && tags.TryGetProperty("team", out var team) ? team.GetString() : null;

    private static (long? Version, List<string> Statements) SchemaOf(string path)
    {
        using var reader = SqliteDatabase.OpenReader(path);
        using var version = new SqliteStatement(reader, "PRAGMA user_version");
        using var statements = new SqliteStatement(reader, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name");
        return (version.Number(), statements.Rows(row => row.GetString(0)));
    }

    private Task<TestServer> OpenAsync(int schema)
    {
        Copy(schema);
        return TestServer.StartAsync(("data", _folder), ("retention", "36500"), ("capacity", "vcpus"));
    }

    private void Copy(int schema)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Databases(), $"v{schema}")))
        {
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        }
    }

    private static string Databases([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "Databases");
}
