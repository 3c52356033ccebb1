using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace BatchEmulator.Server.Tests.Hostility;

/// <summary>
/// Whatever is sent, the server answers without an internal error, in time, and keeps working. A failure names the number of the request;
/// BATCH_EMULATOR_HOSTILE_SEED=number runs that one first.
/// </summary>
[Collection(nameof(AloneCollection))]
public sealed class HostileRequestsTests
{
    private const int Requests = 100_000;
    private const int Connections = 8;
    private const long AllowedGrowthBytes = 48L * 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<int, int> _statuses = new();

    [Fact]
    public async Task Hundred_thousand_hostile_requests_leave_the_server_intact()
    {
        await using var server = await TestServer.StartAsync(("log-level", "error"));
        await server.CreateQueueAsync("q");
        await server.CreateQueueAsync("ce", 1);
        await server.RegisterAsync("d");
        await server.OkAsync(
            "RegisterJobDefinition",
            """
            {"jobDefinitionName":"n","type":"multinode","nodeProperties":{"numNodes":3,"mainNode":0,"nodeRangeProperties":[
            {"targetNodes":"0:","container":{"image":"busybox","vcpus":1,"memory":16}}]}}
            """);
        var first = int.Parse(Environment.GetEnvironmentVariable("BATCH_EMULATOR_HOSTILE_SEED") ?? "1", CultureInfo.InvariantCulture);

        await SendAsync(server, first, Requests / 2);
        var heapMidway = Heap();
        await SendAsync(server, first + (Requests / 2), Requests / 2);
        var heapAtEnd = Heap();

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"statuses: {string.Join(", ", _statuses.OrderBy(s => s.Key).Select(s => $"{s.Key}: {s.Value}"))}; managed heap {heapMidway >> 20} -> {heapAtEnd >> 20} MiB");
        (heapAtEnd - heapMidway).Should().BeLessThan(AllowedGrowthBytes, "memory must not grow with the number of requests");
        await server.CreateQueueAsync("afterwards");
        await server.RegisterAsync("afterwards");
        await server.WaitForAsync(await server.SubmitAsync("afterwards", "afterwards", "\"arrayProperties\":{\"size\":3}"), "SUCCEEDED");
    }

    private Task SendAsync(TestServer server, int first, int count) =>
        Parallel.ForAsync(0, Connections, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (worker, _) =>
        {
            var address = new Uri(server.Address);
            using var connection = new RawConnection(new IPEndPoint(IPAddress.Parse(address.Host), address.Port));
            for (var number = first + worker; number < first + count; number += Connections)
            {
                var request = HostileRequests.Make(address.Authority, number);
                using var patience = new CancellationTokenSource(Patience);
                try
                {
                    Check(request, await connection.SendAsync(request, patience.Token));
                }
                catch (Exception exception)
                {
                    throw new InvalidOperationException(
                        $"Request {number}: {exception.Message}\n{Encoding.Latin1.GetString(request.Bytes.AsSpan(0, Math.Min(2_000, request.Bytes.Length)))}", exception);
                }
            }
        });

    private void Check(HostileRequest request, RawAnswer? answer)
    {
        _statuses.AddOrUpdate(answer?.Status ?? 0, 1, (_, count) => count + 1);
        if (answer is null)
        {
            request.Framing.Should().NotBe(Framing.Whole, "a request that says where it ends gets an answer");
            return;
        }

        if (answer.Status >= 500 && !(request.MayBeVersionError && answer.Status == (int)HttpStatusCode.HttpVersionNotSupported))
        {
            throw new InvalidDataException($"The answer is {answer.Head}\n{answer.Body}");
        }

        if (answer.Body.Length > 0)
        {
            using var body = JsonDocument.Parse(answer.Body);
            if (answer.Status >= 400)
            {
                body.RootElement.GetProperty("message").GetString().Should().NotBeNullOrEmpty();
            }
        }
    }

    private static long Heap()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
