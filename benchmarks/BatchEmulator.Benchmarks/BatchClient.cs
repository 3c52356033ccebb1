using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;

namespace BatchEmulator.Benchmarks;

/// <summary>Prepares the resources of a measurement.</summary>
internal sealed class BatchClient : IDisposable
{
    public const string Queue = "benchmark";
    public const string Definition = "benchmark";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly WireConnection _connection;
    private readonly string _host;

    private BatchClient(WireConnection connection, string host) => (_connection, _host) = (connection, host);

    public static async Task<BatchClient> OpenAsync(EndPoint address, string host) => new(await WireConnection.OpenAsync(address), host);

    public static Task<BatchClient> OpenAsync(ServerUnderTest server) => OpenAsync(server.Address, server.Address.ToString());

    public byte[] Request(string operation, string body) => WireConnection.Request(_host, "POST", "/v1/" + operation, body);

    public byte[] Submit(string more = "") =>
        Request("submitjob", $$"""{"jobName":"benchmark","jobQueue":"{{Queue}}","jobDefinition":"{{Definition}}"{{more}}}""");

    /// <summary>Creates a queue over an environment with room for a number of concurrent jobs, and a definition of one vCPU.</summary>
    public async Task PrepareAsync(int maxvCpus, string image = "busybox", string command = "true")
    {
        await CallAsync(
            "createcomputeenvironment",
            $$$"""
            {"computeEnvironmentName":"benchmark","type":"MANAGED","computeResources":{"type":"EC2","minvCpus":0,"maxvCpus":{{{maxvCpus}}},
            "instanceTypes":["optimal"],"instanceRole":"ecsInstanceRole","subnets":["subnet-00000000"],"securityGroupIds":["sg-00000000"]}}
            """);
        await UntilValidAsync("describecomputeenvironments", "computeEnvironments");
        await CreateQueueAsync(Queue);
        await RegisterAsync(Definition, image, command);
    }

    /// <summary>Creates a queue over the environment of <see cref="PrepareAsync"/>.</summary>
    public async Task CreateQueueAsync(string name, string more = "")
    {
        await CallAsync(
            "createjobqueue",
            $$"""
            {"jobQueueName":"{{name}}","priority":1,"computeEnvironmentOrder":[{"order":1,"computeEnvironment":"benchmark"}]{{more}}}
            """);
        await UntilValidAsync("describejobqueues", "jobQueues");
    }

    /// <summary>Registers a definition of one vCPU.</summary>
    public Task RegisterAsync(string name, string image, string command) => CallAsync(
        "registerjobdefinition",
        $$$"""
        {"jobDefinitionName":"{{{name}}}","type":"container","containerProperties":{"image":"{{{image}}}","command":["{{{command}}}"],
        "resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"16"}]}}
        """);

    /// <summary>Fills an environment of two vCPUs, the smallest instance, for an hour, so that later jobs wait.</summary>
    public async Task HoldAsync()
    {
        var id = await SubmitAsync(
            """
            ,"containerOverrides":{"environment":[{"name":"SIMULATE_RUN_FOR","value":"1h"}],
            "resourceRequirements":[{"type":"VCPU","value":"2"}]}
            """);
        await UntilAsync(
            "describejobs", $$"""{"jobs":["{{id}}"]}""", r => r.GetProperty("jobs")[0].GetProperty("status").GetString() == "RUNNING");
    }

    public async Task<string> SubmitAsync(string more = "") => (await SendAsync(Submit(more))).GetProperty("jobId").GetString()!;

    public Task<JsonElement> CallAsync(string operation, string body) => SendAsync(Request(operation, body));

    public byte[] Health() => WireConnection.Request(_host, "GET", "/_emulator/health", "");

    public async Task<JsonElement> ControlAsync(string endpoint) =>
        await SendAsync(WireConnection.Request(_host, "GET", "/_emulator/" + endpoint, ""));

    public Task<JsonElement> PostAsync(string endpoint, string body) =>
        SendAsync(WireConnection.Request(_host, "POST", "/_emulator/" + endpoint, body));

    public void Dispose() => _connection.Dispose();

    private Task UntilValidAsync(string operation, string list) =>
        UntilAsync(operation, "{}", r => r.GetProperty(list).EnumerateArray().All(e => e.GetProperty("status").GetString() == "VALID"));

    private async Task UntilAsync(string operation, string body, Func<JsonElement, bool> isExpected)
    {
        var started = Stopwatch.GetTimestamp();
        while (!isExpected(await CallAsync(operation, body)))
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException(operation);
            }

            await Task.Delay(5);
        }
    }

    private async Task<JsonElement> SendAsync(byte[] request)
    {
        var (status, body) = await _connection.SendAsync(request);
        return status == 200
            ? JsonDocument.Parse(Encoding.UTF8.GetString(body.Span)).RootElement
            : throw new InvalidOperationException($"{status}: {Encoding.UTF8.GetString(body.Span)}");
    }
}
