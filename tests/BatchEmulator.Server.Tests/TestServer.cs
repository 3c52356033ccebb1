using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using BatchEmulator.Server.Composition;
using BatchEmulator.Server.Settings;

namespace BatchEmulator.Server.Tests;

/// <summary>
/// A whole server inside the test's process: real Kestrel on a free port, real SQLite files in a temporary folder, simulated jobs unless
/// the test configures another executor. Calls are raw JSON, as clients send it.
/// </summary>
internal sealed class TestServer : IAsyncDisposable
{
    /// <summary>
    /// Maximum time of anything that a test waits for; far longer than needed, so that tests do not fail on a busy machine.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan PollPause = TimeSpan.FromMilliseconds(5);

    private readonly Dictionary<string, string> _settings;
    private readonly bool _ownsFolder;
    private EmulatorServer _server;

    private TestServer(EmulatorServer server, Dictionary<string, string> settings, bool ownsFolder)
    {
        _server = server;
        _settings = settings;
        _ownsFolder = ownsFolder;
        Http = ClientOf(server);
    }

    /// <summary>Data folder; removed with the server unless the test named it.</summary>
    public string Folder => _settings["data"];

    /// <summary>Address, e.g. <c>http://127.0.0.1:40000</c>.</summary>
    public string Address => _server.Address;

    /// <summary>Client for <see cref="Address"/>.</summary>
    public HttpClient Http { get; private set; }

    /// <summary>Starts a server.</summary>
    /// <param name="settings">
    /// Settings by command-line name, in addition to port 0, the simulated executor and a temporary data folder.
    /// </param>
    public static async Task<TestServer> StartAsync(params IReadOnlyList<(string Name, string Value)> settings)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["port"] = "0",
            ["executor"] = "simulated",
            ["log-level"] = "warning",
        };
        foreach (var (name, value) in settings)
        {
            given[name] = value;
        }

        var ownsFolder = given.TryAdd("data", "");
        if (ownsFolder)
        {
            given["data"] = Directory.CreateTempSubdirectory("batch-emulator-test-").FullName;
        }

        return new TestServer(await StartAsync(given), given, ownsFolder);
    }

    /// <summary>Stops the server in an orderly way and starts another one on the same data, on another port.</summary>
    /// <param name="meanwhile">Called while no server runs.</param>
    public async Task RestartAsync(Func<Task>? meanwhile = null)
    {
        Http.Dispose();
        await _server.DisposeAsync();
        await (meanwhile?.Invoke() ?? Task.CompletedTask);
        _server = await StartAsync(_settings);
        Http = ClientOf(_server);
    }

    /// <summary>Calls an operation of AWS Batch that has its own path, e.g. <c>CallAsync("SubmitJob", """{"jobName":"j"}""")</c>.</summary>
    public Task<WireReply> CallAsync(string operation, string json) =>
        SendAsync(HttpMethod.Post, $"/v1/{operation.ToLowerInvariant()}", json);

    /// <summary>Calls an operation of CloudWatch Logs.</summary>
    public Task<WireReply> CallLogsAsync(string operation, string json) =>
        SendAsync(HttpMethod.Post, "/", json, ("X-Amz-Target", $"Logs_20140328.{operation}"));

    /// <summary>Sends any request.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="path">Path and query exactly as sent.</param>
    /// <param name="body">Body; null for none.</param>
    /// <param name="headers">Further headers, not validated.</param>
    public async Task<WireReply> SendAsync(
        HttpMethod method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(
            method, new Uri(Address + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Http.SendAsync(request);
        return new WireReply(
            (int)response.StatusCode,
            await response.Content.ReadAsStringAsync(),
            response.Headers.Concat(response.Content.Headers)
                .ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Calls an operation of AWS Batch that must succeed.</summary>
    public async Task<JsonElement> OkAsync(string operation, string json) => (await CallAsync(operation, json)).Ok();

    /// <summary>Waits until the health endpoint reports a status, and returns its answer.</summary>
    public async Task<JsonElement> UntilHealthAsync(string status)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var health = await ControlAsync("health");
            if (health.GetProperty("status").GetString() == status)
            {
                return health;
            }

            await Task.Delay(20, patience.Token);
        }
    }

    /// <summary>Reads one of the emulator's own endpoints, e.g. <c>info</c>.</summary>
    public async Task<JsonElement> ControlAsync(string endpoint) => (await SendAsync(HttpMethod.Get, $"/_emulator/{endpoint}")).Ok();

    /// <summary>Creates a queue over an environment of the same name, and waits until both can be used.</summary>
    public async Task CreateQueueAsync(string name, int maxvCpus = 256)
    {
        await OkAsync("CreateComputeEnvironment", Requests.ComputeEnvironment(name, maxvCpus));
        await UntilAsync("DescribeComputeEnvironments", $$"""{"computeEnvironments":["{{name}}"]}""", r => StatusOf(r, "computeEnvironments") == "VALID");
        await OkAsync("CreateJobQueue", Requests.JobQueue(name));
        await UntilAsync("DescribeJobQueues", $$"""{"jobQueues":["{{name}}"]}""", r => StatusOf(r, "jobQueues") == "VALID");
    }

    /// <summary>Creates a queue for service jobs over a service environment of the same name, and waits until both can be used.</summary>
    public async Task CreateServiceQueueAsync(string name, int instances = 2, string more = "")
    {
        await OkAsync("CreateServiceEnvironment", Requests.ServiceEnvironment(name, instances));
        await UntilAsync("DescribeServiceEnvironments", $$"""{"serviceEnvironments":["{{name}}"]}""", r => StatusOf(r, "serviceEnvironments") == "VALID");
        await OkAsync("CreateJobQueue", Requests.ServiceQueue(name, more));
        await UntilAsync("DescribeJobQueues", $$"""{"jobQueues":["{{name}}"]}""", r => StatusOf(r, "jobQueues") == "VALID");
    }

    /// <summary>Changes the clock of the jobs.</summary>
    public async Task<JsonElement> ClockAsync(string change) => (await SendAsync(HttpMethod.Post, "/_emulator/clock", change)).Ok();

    /// <summary>Registers a job definition of one vCPU.</summary>
    /// <returns>ARN of the revision.</returns>
    public async Task<string> RegisterAsync(string name, string image = "busybox", params string[] command) =>
        (await OkAsync("RegisterJobDefinition", Requests.JobDefinition(name, image, command))).GetProperty("jobDefinitionArn").GetString()!;

    /// <summary>Submits a job.</summary>
    /// <param name="queue">Name of the queue.</param>
    /// <param name="definition">Name of the definition.</param>
    /// <param name="more">Further members of the request: <c>"arrayProperties":{"size":2}</c>.</param>
    /// <returns>Id of the job.</returns>
    public async Task<string> SubmitAsync(string queue, string definition, string more = "") =>
        (await OkAsync("SubmitJob", Requests.Job("job", queue, definition, more))).GetProperty("jobId").GetString()!;

    /// <summary>Describes one job, which must exist.</summary>
    public async Task<JsonElement> DescribeAsync(string jobId) =>
        (await OkAsync("DescribeJobs", $$"""{"jobs":["{{jobId}}"]}""")).GetProperty("jobs").EnumerateArray().Single();

    /// <summary>Waits until a job has a status.</summary>
    /// <returns>The job.</returns>
    /// <exception cref="TimeoutException">The job did not reach the status in time.</exception>
    public async Task<JsonElement> WaitForAsync(string jobId, string status, TimeSpan? patience = null) =>
        (await UntilAsync("DescribeJobs", $$"""{"jobs":["{{jobId}}"]}""", r => StatusOf(r, "jobs") == status, patience)).GetProperty("jobs")[0];

    /// <summary>Repeats a request until the answer is as expected.</summary>
    /// <exception cref="TimeoutException">The answer was never as expected; the message shows the last one.</exception>
    public async Task<JsonElement> UntilAsync(string operation, string json, Func<JsonElement, bool> isExpected, TimeSpan? patience = null)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var reply = await OkAsync(operation, json);
            if (isExpected(reply))
            {
                return reply;
            }

            if (Stopwatch.GetElapsedTime(started) > (patience ?? Patience))
            {
                throw new TimeoutException($"{operation} {json} answers for too long: {reply.GetRawText()}");
            }

            await Task.Delay(PollPause);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _server.DisposeAsync();
        if (_ownsFolder)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private static Task<EmulatorServer> StartAsync(Dictionary<string, string> settings)
    {
        var source = new SettingSource(
            setting => settings.TryGetValue(setting.Name, out var value) ? [value] : [],
            _ => null,
            new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal));
        return EmulatorServer.StartAsync(ServerSettings.Read(source));
    }

    private static HttpClient ClientOf(EmulatorServer server) => new(new SocketsHttpHandler { UseProxy = false, UseCookies = false })
    {
        BaseAddress = new Uri(server.Address),
        Timeout = Patience,
    };

    /// <summary>The status of the only element of a list; null if there is none.</summary>
    private static string? StatusOf(JsonElement reply, string list) =>
        reply.GetProperty(list).EnumerateArray().Select(e => e.GetProperty("status").GetString()).FirstOrDefault();
}

/// <summary>An answer as received.</summary>
internal sealed record WireReply(int Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => Body.Length == 0 ? default : JsonDocument.Parse(Body).RootElement;

    /// <summary>The type of an error.</summary>
    public string ErrorType => Json.GetProperty("__type").GetString()!;

    /// <summary>The message of an error.</summary>
    public string Message => Json.GetProperty("message").GetString()!;

    public JsonElement Ok()
    {
        Status.Should().Be((int)HttpStatusCode.OK, Body);
        return Json;
    }
}
