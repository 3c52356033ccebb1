using System.Text;
using BatchEmulator.Hosting.Logs;
using static BatchEmulator.Server.Tests.Logs.LogsHost;

namespace BatchEmulator.Server.Tests.Logs;

public sealed class LogsProtocolTests
{
    [Fact]
    public async Task An_answer_has_the_headers_of_the_protocol()
    {
        await using var host = new LogsHost();

        var reply = await host.CallAsync("DescribeLogGroups", "");

        reply.Status.Should().Be(200);
        reply.Body.Should().Be("""{"logGroups":[]}""");
        reply.Headers["Content-Type"].Should().Be("application/x-amz-json-1.1");
        reply.Headers["Content-Length"].Should().Be("16");
    }

    [Fact]
    public async Task An_error_has_its_type_in_body_and_header()
    {
        await using var host = new LogsHost();

        var reply = await host.CallAsync("DeleteLogGroup", """{"logGroupName":"nope"}""");

        reply.Status.Should().Be(400);
        reply.Body.Should().Be("""{"__type":"ResourceNotFoundException","message":"The specified log group does not exist."}""");
        reply.Headers["x-amzn-ErrorType"].Should().Be("ResourceNotFoundException");
        reply.Headers["Content-Type"].Should().Be("application/x-amz-json-1.1");
    }

    [Fact]
    public async Task Every_answer_has_the_id_of_its_request_and_the_type_of_the_protocol()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var (operation, body) in new[] { ("DescribeLogGroups", "{}"), ("DescribeLogGroups", "{"), ("Nope", "{}") })
        {
            var reply = await server.CallLogsAsync(operation, body);

            reply.Headers["x-amzn-RequestId"].Should().MatchRegex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$");
            reply.Headers["Content-Type"].Should().Be("application/x-amz-json-1.1");
        }
    }

    [Theory]
    [InlineData("Logs_20140328.StartLiveTail", "'StartLiveTail'")]
    [InlineData("Logs_20140328.Nonsense", "'Nonsense'")]
    [InlineData("Logs_20140328.", "''")]
    [InlineData("Other.Thing", "'Other.Thing'")]
    [InlineData(null, "''")]
    public async Task An_operation_that_is_not_served_is_named(string? target, string named)
    {
        await using var host = new LogsHost();

        var reply = await host.SendAsync(target, "{}"u8.ToArray());

        reply.Status.Should().Be(400);
        reply.Type.Should().Be("UnknownOperationException");
        reply.Message.Should().Contain(named);
    }

    [Fact]
    public async Task A_broken_constraint_is_reported_with_the_message_of_the_service()
    {
        await using var host = new LogsHost();

        (await host.CallAsync("CreateLogGroup", "{}")).Message
            .Should().Be("1 validation error detected: Value at 'logGroupName' failed to satisfy constraint: Member must not be null");
        (await host.CallAsync("CreateLogGroup", """{"logGroupName":"a b"}""")).Message
            .Should().Be("1 validation error detected: Value at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern");
        (await host.CallAsync("DescribeLogStreams", """{"logGroupName":"g","orderBy":"Size"}""")).Message
            .Should().Be("1 validation error detected: Value at 'orderBy' failed to satisfy constraint: Member must satisfy enum value set: [LogStreamName, LastEventTime]");
        (await host.CallAsync("CreateLogGroup", $$"""{"logGroupName":"{{new string('a', 513)}}"}""")).Type.Should().Be("InvalidParameterException");
        (await host.CallAsync("CreateLogGroup", """{"logGroupName":"AWS/mine"}""")).Type.Should().Be("InvalidParameterException");
    }

    public static TheoryData<string> Malformed => new(
        "nonsense",
        "[]",
        "null",
        "1",
        "{",
        "{}{}",
        """{"logGroupName":1}""",
        """{"logGroupName":["a"]}""",
        """{"logGroupName":"\ud800"}""",
        """{"logGroupName":"a","tags":{"\udfff":"x"}}""",
        """{"logGroupName":"a","tags":[]}""",
        """{"logGroupName":"a","logGroupClass":7}""",
        """{"limit":99999999999}""",
        """{"limit":1.5}""",
        """{"startTime":1e400}""",
        "\"" + new string('[', 10_000),
        new string('[', 100_000),
        string.Concat(Enumerable.Repeat("{\"a\":", 10_000)));

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task A_malformed_body_never_fails_the_server(string body)
    {
        await using var host = new LogsHost();
        await host.WriteAsync(JobStream, "kept");
        foreach (var handler in LogsOperations.All)
        {
            var reply = await host.SendAsync(handler.Operation.Route, Encoding.UTF8.GetBytes(body));

            reply.Status.Should().BeOneOf([200, 400], handler.Operation.Name);
            if (reply.Status == 400)
            {
                reply.Type.Should().BeOneOf("SerializationException", "InvalidParameterException", "ResourceNotFoundException");
            }
        }

        (await host.GetAsync()).Messages.Should().Equal("kept");
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF8_never_fail_the_server()
    {
        await using var host = new LogsHost();
        foreach (var handler in LogsOperations.All)
        {
            byte[] body = [.. "{\"logGroupName\":\""u8, 0xff, 0xfe, .. "\"}"u8];
            (await host.SendAsync(handler.Operation.Route, body)).Status.Should().BeOneOf([200, 400], handler.Operation.Name);
        }
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        await using var host = new LogsHost();

        var reply = await host.SendAsync("Logs_20140328.PutLogEvents", new byte[LogLimits.MaximumBodyBytes + 1]);

        reply.Status.Should().Be(413);
        reply.Type.Should().Be("RequestEntityTooLargeException");
    }

    [Fact]
    public async Task Unknown_and_null_members_are_ignored()
    {
        await using var host = new LogsHost();

        (await host.CallAsync("DescribeLogGroups", """{"unknown":{"a":[1]},"limit":null,"nextToken":null}""")).Status.Should().Be(200);
    }

    [Theory]
    [InlineData("***")]
    [InlineData("a")]
    [InlineData("4pi")]
    public async Task A_forged_token_is_refused_or_harmless(string token)
    {
        await using var host = new LogsHost();
        await host.WriteAsync(JobStream, "a");

        foreach (var operation in (string[])["DescribeLogGroups", "DescribeLogStreams"])
        {
            var group = operation.EndsWith("Streams", StringComparison.Ordinal) ? $"\"logGroupName\":\"{Group}\"," : "";
            (await host.CallAsync(operation, $$"""{{{group}}"nextToken":"{{token}}"}""")).Status.Should().BeOneOf(200, 400);
        }
    }

    [Fact]
    public void Every_operation_of_the_model_is_served() =>
        LogsOperations.All.Select(h => h.Operation.Name).Should().BeEquivalentTo(Contract.Logs.Operations.All.Select(o => o.Name));
}
