using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using BatchEmulator.Server.Logging;
using BatchEmulator.Server.Tests.Delivery;
using BatchEmulator.Server.Tests.Durability;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BatchEmulator.Server.Tests.Logging;

public sealed class TextLogFormatterTests
{
    [Theory]
    [InlineData("plain \\n ü 漢 👍", "plain \\n ü 漢 👍")]
    [InlineData("a\nwarn: Forged[0] line\r\n", "a\\nwarn: Forged[0] line\\r\\n")]
    [InlineData("\u001b[2J\u0007\0\t", "\\u001b[2J\\u0007\\u0000\\t")]
    [InlineData("\u009b31m \u2028 \u2029 \u202e \u007f", "\\u009b31m \\u2028 \\u2029 \\u202e \\u007f")]
    public void Entry_is_one_line_without_control_characters(string message, string shown) =>
        Format(message).Should().Be($"warn: Category[7] {shown}{Environment.NewLine}");

    [Fact]
    public void Exception_is_on_the_same_line()
    {
        var line = Format("failed", new InvalidOperationException("told: \u001b[31m\nwarn: Forged[0] line"));

        line.Should().StartWith("warn: Category[7] failed System.InvalidOperationException: told: \\u001b[31m warn: Forged[0] line")
            .And.EndWith(Environment.NewLine);
        line.TrimEnd().Should().NotContainAny("\n", "\r", "\u001b");
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_replaced() => Format("half \ud800 of a pair").Should().Contain("half \ufffd of a pair");

    [Fact]
    public void Long_message_is_truncated()
    {
        var line = Format(new string('x', TextLogFormatter.MaximumText + 5));

        line.Should().EndWith(string.Create(CultureInfo.InvariantCulture, $"xxx... (5 more characters){Environment.NewLine}"));
    }

    /// <summary>An invalid status line is quoted in the log.</summary>
    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task Answer_of_a_webhook_is_escaped_in_the_log(string format)
    {
        using var webhook = new TcpListener(IPAddress.Loopback, 0);
        webhook.Start();
        using var ending = new CancellationTokenSource();
        var answering = AnswerAsync(webhook, "\u001b[2J\u0007 \u009b31m\n\rwarn: Forged[0] line\r\n\r\n", ending.Token);
        await using var server = await ServerProcess.StartAsync(
            Directory.CreateTempSubdirectory("batch-emulator-test-").FullName, "simulated", "--bootstrap", "true", "--log-format", format,
            "--events-webhook", $"http://{webhook.LocalEndpoint}/");

        await SubmitAsync(server);

        var line = await server.UntilAsync(l => l.Contains("Events cannot be delivered", StringComparison.Ordinal));
        line.Should().ContainEquivalentOf("\\u001b[2J");
        server.Output.Should().NotContain(l => l.Any(char.IsControl))
            .And.NotContain(l => l.StartsWith("warn: Forged", StringComparison.Ordinal));
        await ending.CancelAsync();
        await answering;
    }

    [Fact]
    public async Task Error_code_of_an_events_endpoint_is_escaped_in_the_log()
    {
        await using var receiver = await EventReceiver.StartAsync(_ =>
            (200, """{"FailedEntryCount":1,"Entries":[{"ErrorCode":"\u001b[2J\nwarn: Forged[0] line"}]}"""));
        await using var server = await ServerProcess.StartAsync(
            Directory.CreateTempSubdirectory("batch-emulator-test-").FullName, "simulated", "--bootstrap", "true",
            "--events-endpoint", receiver.Url);

        await SubmitAsync(server);

        var line = await server.UntilAsync(l => l.Contains("Events cannot be delivered", StringComparison.Ordinal));
        line.Should().EndWith("it answers \\u001b[2J\\nwarn: Forged[0] line");
        server.Output.Should().NotContain(l => l.Any(char.IsControl));
    }

    private static async Task SubmitAsync(ServerProcess server)
    {
        foreach (var (operation, body) in new[]
        {
            ("registerjobdefinition", Requests.JobDefinition("d")), ("submitjob", Requests.Job("job", "default", "d")),
        })
        {
            using var content = new StringContent(body);
            (await server.Http.PostAsync(new Uri($"/v1/{operation}", UriKind.Relative), content)).EnsureSuccessStatusCode();
        }
    }

    private static async Task AnswerAsync(TcpListener listener, string answer, CancellationToken ending)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(ending);
                _ = await client.Client.ReceiveAsync(new byte[1024], ending);
                await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(answer), ending);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private static string Format(string message, Exception? exception = null)
    {
        using var writer = new StringWriter();
        var entry = new LogEntry<string>(LogLevel.Warning, "Category", new EventId(7), message, exception, (state, _) => state);
        new TextLogFormatter().Write(entry, scopeProvider: null, writer);
        return writer.ToString();
    }
}
