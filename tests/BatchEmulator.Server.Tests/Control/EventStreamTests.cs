using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using BatchEmulator.Hosting.Events;
using BatchEmulator.Server.Tests.Delivery;

namespace BatchEmulator.Server.Tests.Control;

public sealed class EventStreamTests : IAsyncLifetime
{
    private const int Arrays = 14;
    private const int ArraySize = 50;
    private const int EventsPerJob = 4;

    /// <summary>Length of each job's command, so that a few jobs produce many bytes.</summary>
    private const int CommandBytes = 20_000;

    private const int EventsPerArray = (ArraySize * EventsPerJob) + 2;

    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(("bootstrap", "true"));
        await _server.RegisterAsync("d");
        await _server.RegisterAsync("large", "busybox", new string('x', CommandBytes));
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Slow_client_costs_bounded_memory_is_disconnected_and_notified_of_missed_events()
    {
        using var slow = await SlowClient.ConnectAsync(_server.Address);
        using var quick = await EventClient.ConnectAsync(_server, null);
        for (var round = 1; round <= Arrays; round++)
        {
            await SubmitAsync("large");
            // The other client is not delayed: it receives all events of an array before the next one is submitted.
            await quick.ReadAsync(round * EventsPerArray);
            await slow.ReadAsync(2 * 1024);
            (await WebhookTests.MetricAsync(_server, "event_stream_bytes")).Should().BeLessThanOrEqualTo(EventHistory.MaximumBytes);
        }

        var (first, end) = (quick.Numbers[0], quick.Numbers[^1]);
        quick.Numbers.Should().Equal(Numbers(first, end));
        ((end - first) * CommandBytes).Should().BeGreaterThan(
            EventHistory.MaximumBytes + (16L * 1024 * 1024), "that is more than is kept and under way");

        var text = await slow.ReadToEndAsync();
        text.Should().Contain(": this stream ends because its reader is too slow");
        var numbers = IdsOf(text).Select(EventClient.NumberOf).ToList();
        numbers.Should().Equal(Numbers(first, numbers[^1]));
        numbers[^1].Should().BeLessThan(end);

        var last = IdsOf(text)[^1];
        using var again = await EventClient.ConnectAsync(_server, last);
        var (missedId, missed) = (await again.ReadMissedAsync())!.Value;
        missed.GetProperty("after").GetString().Should().Be(last);
        missed.GetProperty("count").GetInt64().Should().Be(EventClient.NumberOf(missedId) - numbers[^1]).And.BePositive();
        await again.ReadAsync((int)(end - EventClient.NumberOf(missedId)));
        again.Numbers.Should().Equal(Numbers(EventClient.NumberOf(missedId) + 1, end));
    }

    [Fact]
    public async Task Client_whose_connection_broke_continues_where_it_was()
    {
        string last;
        using (var first = await EventClient.ConnectAsync(_server, null))
        {
            await SubmitAsync("d");
            await first.ReadAsync(10);
            last = first.LastId;
        }

        await SubmitAsync("d");

        using var again = await EventClient.ConnectAsync(_server, last);
        await again.ReadAsync((2 * EventsPerArray) - 10);
        again.Numbers.Should().Equal(Numbers(EventClient.NumberOf(last) + 1, EventClient.NumberOf(last) - 10 + (2 * EventsPerArray)));
        (await again.ReadMissedAsync()).Should().BeNull();
    }

    [Fact]
    public async Task Client_that_reconnects_after_a_restart_is_notified_of_missed_events()
    {
        string last;
        using (var first = await EventClient.ConnectAsync(_server, null))
        {
            await SubmitAsync("d");
            await first.ReadAsync(1);
            last = first.LastId;
        }

        await _server.RestartAsync();

        using var again = await EventClient.ConnectAsync(_server, last);
        var (_, missed) = (await again.ReadMissedAsync())!.Value;
        missed.GetRawText().Should().Be($$"""{"after":"{{last}}"}""", "the number is unknown");
    }

    private async Task SubmitAsync(string definition) => await _server.WaitForAsync(
        await _server.SubmitAsync("default", definition, $"\"arrayProperties\":{{\"size\":{ArraySize}}}"), "SUCCEEDED");

    private static IEnumerable<long> Numbers(long first, long last) =>
        Enumerable.Range((int)first, (int)(last - first) + 1).Select(n => (long)n);

    private static List<string> IdsOf(string text) =>
        [.. text.Split('\n').Where(l => l.StartsWith("id: ", StringComparison.Ordinal)).Select(l => l[4..].TrimEnd('\r'))];

    /// <summary>Reads the stream as fast as possible.</summary>
    private sealed class EventClient : IDisposable
    {
        private readonly HttpResponseMessage _response;
        private readonly StreamReader _reader;

        private EventClient(HttpResponseMessage response, Stream stream)
        {
            _response = response;
            _reader = new StreamReader(stream);
        }

        public List<long> Numbers { get; } = [];

        public string LastId { get; private set; } = "";

        private (string Id, JsonElement Missed)? Missed { get; set; }

        public static async Task<EventClient> ConnectAsync(TestServer server, string? lastId)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/_emulator/events");
            request.Headers.Add("Last-Event-ID", lastId is null ? [] : [lastId]);
            var response = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            var client = new EventClient(response, await response.Content.ReadAsStreamAsync());
            (await client._reader.ReadLineAsync()).Should().Be(": connected");
            return client;
        }

        public static long NumberOf(string id) => long.Parse(id.Split('-')[1], CultureInfo.InvariantCulture);

        /// <summary>Reads until a number of events have been received.</summary>
        public async Task ReadAsync(int count)
        {
            using var patience = new CancellationTokenSource(TestServer.Patience);
            var isMissed = false;
            while (Numbers.Count < count)
            {
                var line = await _reader.ReadLineAsync(patience.Token) ?? throw new InvalidOperationException("The stream ends.");
                if (line.StartsWith("id: ", StringComparison.Ordinal))
                {
                    LastId = line[4..];
                }
                else if (line == "event: missed")
                {
                    isMissed = true;
                }
                else if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    if (isMissed)
                    {
                        Missed = (LastId, JsonDocument.Parse(line[6..]).RootElement);
                        return;
                    }

                    Numbers.Add(NumberOf(LastId));
                }
            }
        }

        /// <summary>Returns the beginning of the stream unless it is an event; null if it is one.</summary>
        public async Task<(string Id, JsonElement Missed)?> ReadMissedAsync()
        {
            await ReadAsync(1);
            return Missed;
        }

        public void Dispose()
        {
            _reader.Dispose();
            _response.Dispose();
        }
    }

    /// <summary>A socket that reads no more than requested.</summary>
    private sealed class SlowClient : IDisposable
    {
        private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4 * 1024 };
        private readonly MemoryStream _received = new();

        public static async Task<SlowClient> ConnectAsync(string address)
        {
            var uri = new Uri(address);
            var client = new SlowClient();
            await client._socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(uri.Host), uri.Port));
            await client._socket.SendAsync(Encoding.ASCII.GetBytes($"GET /_emulator/events HTTP/1.0\r\nHost: {uri.Authority}\r\n\r\n"));
            while (!Encoding.ASCII.GetString(client._received.ToArray()).Contains(": connected", StringComparison.Ordinal))
            {
                await client.ReadAsync(64);
            }

            return client;
        }

        public async Task<int> ReadAsync(int bytes)
        {
            using var patience = new CancellationTokenSource(TestServer.Patience);
            var buffer = new byte[bytes];
            var read = await _socket.ReceiveAsync(buffer, patience.Token);
            _received.Write(buffer, 0, read);
            return read;
        }

        public async Task<string> ReadToEndAsync()
        {
            while (await ReadAsync(64 * 1024) > 0)
            {
            }

            return Encoding.ASCII.GetString(_received.ToArray());
        }

        public void Dispose()
        {
            _socket.Dispose();
            _received.Dispose();
        }
    }
}
