using System.Net;
using System.Net.Sockets;
using System.Text;
using BatchEmulator.Hosting.Http;

namespace BatchEmulator.Server.Tests.Http;

public sealed class LargeBodyTests : IAsyncLifetime
{
    private static readonly string Message = new('x', 2 * LargeBodies.Threshold);

    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(("bootstrap", "true"));
        (await _server.CallLogsAsync("CreateLogGroup", """{"logGroupName":"g"}""")).Ok();
        (await _server.CallLogsAsync("CreateLogStream", """{"logGroupName":"g","logStreamName":"s"}""")).Ok();
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Large_bodies_wait_for_each_other_and_small_ones_do_not_wait()
    {
        var slow = new List<Socket>();
        for (var index = 0; index < LargeBodies.Permits; index++)
        {
            slow.Add(await BeginAsync());
        }

        await UntilUnderWayAsync(LargeBodies.Permits);
        var waiting = PutAsync();

        await _server.RegisterAsync("d");
        await _server.WaitForAsync(await _server.SubmitAsync("default", "d"), "SUCCEEDED");
        waiting.IsCompleted.Should().BeFalse();
        // Gone without an answer: its permit is free again.
        slow[0].Dispose();
        (await waiting).Ok();

        slow.ForEach(s => s.Dispose());
        await UntilUnderWayAsync(0);
        for (var index = 0; index <= LargeBodies.Permits; index++)
        {
            (await PutAsync()).Ok();
        }
    }

    private async Task UntilUnderWayAsync(int count)
    {
        using var patience = new CancellationTokenSource(TestServer.Patience);
        while (!(await _server.SendAsync(HttpMethod.Get, "/_emulator/metrics")).Body.Contains($"\nbatch_emulator_large_bodies {count}\n", StringComparison.Ordinal))
        {
            await Task.Delay(5, patience.Token);
        }
    }

    private Task<WireReply> PutAsync() => _server.CallLogsAsync(
        "PutLogEvents",
        $$"""
        {"logGroupName":"g","logStreamName":"s","logEvents":[{"timestamp":{{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}},"message":"{{Message}}"}]}
        """);

    /// <summary>A request whose body is large and ends prematurely.</summary>
    private async Task<Socket> BeginAsync()
    {
        var uri = new Uri(_server.Address);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(uri.Host), uri.Port));
        var head = $"POST / HTTP/1.1\r\nHost: {uri.Authority}\r\nX-Amz-Target: Logs_20140328.PutLogEvents\r\nContent-Length: {2 * Message.Length}\r\n\r\n";
        var bytes = Encoding.ASCII.GetBytes(head + Message).AsMemory();
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes)..];
        }

        return socket;
    }
}
