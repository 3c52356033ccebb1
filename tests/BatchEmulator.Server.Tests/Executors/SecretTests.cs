using System.Diagnostics;
using System.Text.Json;
using BatchEmulator.Executors.Secrets;
using BatchEmulator.Server.Tests.Delivery;
using BatchEmulator.Server.Tests.Executors.Docker;

namespace BatchEmulator.Server.Tests.Executors;

/// <summary>
/// Secrets of containers, from an endpoint that holds them, and their absence (docs/aws-behaviour.md, sections 7.3 and 8).
/// </summary>
public sealed class SecretTests
{
    private const string Managed = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf";

    [Theory]
    [AwsRule("8", Evidence.Doc, "secrets of Secrets Manager and of the Parameter Store are variables")]
    [InlineData("docker")]
    [InlineData("process")]
    public async Task Secrets_are_variables_of_the_container(string executor)
    {
        await using var keeper = await EventReceiver.StartAsync(Answer);
        await using var server = await StartAsync(executor, keeper.Url);
        var id = await SubmitAsync(
            server,
            executor,
            """echo "$WHOLE|$PART|$NUMBER|$PLAIN|$DEEP"; exit 9""",
            ("WHOLE", Managed),
            ("PART", $"{Managed}:user::"),
            ("NUMBER", $"{Managed}:port:AWSPREVIOUS:v1"),
            ("PLAIN", "plain"),
            ("DEEP", "arn:aws:ssm:eu-west-1:123456789012:parameter/app/key"));

        var job = await server.WaitForAsync(id, "FAILED");

        job.GetProperty("container").GetProperty("exitCode").GetInt32().Should().Be(9);
        (await OutputAsync(server, job)).Should().Be("""{"user":"me","port":5432}|me|5432|of plain|of /app/key""");
        job.GetProperty("container").GetProperty("environment").GetArrayLength().Should().Be(0, "secrets are not part of the description");
        var previous = keeper.Accepted.Select(r => JsonDocument.Parse(r.Body).RootElement)
            .Single(r => r.TryGetProperty("VersionStage", out _));
        previous.GetRawText().Should().Be($$"""{"SecretId":"{{Managed}}","VersionStage":"AWSPREVIOUS","VersionId":"v1"}""");
        keeper.Accepted.First().Headers["Authorization"].Should()
            .MatchRegex("Credential=[^/]+/[0-9]{8}/eu-west-1/secretsmanager/aws4_request");
    }

    [Theory]
    [AwsRule("7.3", Evidence.Infer, "the secrets of a task cannot be had", "ResourceInitializationError: <message>")]
    [InlineData("arn:aws:secretsmanager:eu-west-1:123456789012:secret:none", "asm: service call has been retried 0 time(s): ResourceNotFoundException: Secrets Manager can't find the specified secret.")]
    [InlineData(Managed + ":nope::", "asm: service call has been retried 0 time(s): retrieved secret from Secrets Manager did not contain json key nope")]
    [InlineData("missing", "ssm: service call has been retried 0 time(s): ParameterNotFound: ")]
    [InlineData("arn:aws:s3:::bucket", "asm: service call has been retried 0 time(s): invalid ARN: arn:aws:s3:::bucket")]
    [InlineData("arn:aws:secretsmanager::1:secret:x", "asm: service call has been retried 0 time(s): ResourceNotFoundException: Secrets Manager can't find the specified secret.")]
    [InlineData("nul", "ssm: service call has been retried 0 time(s): the answer has no Parameter.Value")]
    [InlineData("half", "ssm: service call has been retried 0 time(s): the answer has no Parameter.Value")]
    [InlineData("broken", "ssm: service call has been retried 2 time(s): status 503")]
    public async Task Task_with_unavailable_secrets_does_not_start(string valueFrom, string reason)
    {
        await using var keeper = await EventReceiver.StartAsync(Answer);
        await using var server = await StartAsync("process", keeper.Url);

        var job = await server.WaitForAsync(await SubmitAsync(server, "process", "echo never", ("A", valueFrom)), "FAILED");

        var text = $"ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from {reason}";
        job.GetProperty("statusReason").GetString().Should().Be(text);
        var attempt = job.GetProperty("attempts").EnumerateArray().Single();
        attempt.GetProperty("statusReason").GetString().Should().Be(text);
        attempt.TryGetProperty("startedAt", out _).Should().BeFalse();
        attempt.GetProperty("container").TryGetProperty("reason", out _).Should().BeFalse("it is the task's reason, not a container's");
        attempt.GetProperty("container").TryGetProperty("exitCode", out _).Should().BeFalse();
    }

    [Fact]
    public async Task Job_that_waits_for_its_secrets_can_be_terminated_and_outlives_a_restart()
    {
        var answered = new TaskCompletionSource();
        await using var keeper = await EventReceiver.StartAsync(async request =>
        {
            await answered.Task.WaitAsync(TestServer.Patience);
            return Answer(request);
        });
        await using var server = await StartAsync("process", keeper.Url);
        var ended = await SubmitAsync(server, "process", "echo never", ("PLAIN", "plain"));
        var goesOn = await server.SubmitAsync("work", "d");
        await server.WaitForAsync(ended, "STARTING");

        await server.OkAsync("TerminateJob", $$"""{"jobId":"{{ended}}","reason":"enough"}""");
        (await server.WaitForAsync(ended, "FAILED")).GetProperty("statusReason").GetString().Should().Be("enough");
        await server.WaitForAsync(goesOn, "STARTING");
        await server.RestartAsync(() =>
        {
            answered.SetResult();
            return Task.CompletedTask;
        });
        await server.WaitForAsync(goesOn, "SUCCEEDED");
    }

    [Fact]
    public async Task Secrets_endpoint_that_does_not_answer_delays_no_start()
    {
        var silence = new TaskCompletionSource();
        await using var keeper = await EventReceiver.StartAsync(async _ =>
        {
            await silence.Task.WaitAsync(TestServer.Patience);
            return (200, "{}");
        });
        await using var server = await StartAsync("process", keeper.Url);
        var id = await SubmitAsync(server, "process", "echo never", ("PLAIN", "plain"));
        await server.WaitForAsync(id, "STARTING");

        var began = Stopwatch.GetTimestamp();
        await server.RestartAsync();

        Stopwatch.GetElapsedTime(began).Should()
            .BeLessThan(TimeSpan.FromSeconds(20), "a keeper is given ten seconds and asked three times");
        (await server.DescribeAsync(id)).GetProperty("status").GetString().Should().Be("STARTING");
        silence.SetResult();
    }

    [Theory]
    [InlineData("name", null, "name")]
    [InlineData("/app/name", null, "/app/name")]
    [InlineData("arn:aws:ssm:us-east-1:123456789012:parameter/name", "us-east-1", "name")]
    [InlineData("arn:aws:ssm:us-east-1:123456789012:parameter/app/name", "us-east-1", "/app/name")]
    [Trait("Section", "8")]
    public void Reference_to_a_parameter_is_read_as_the_agent_reads_it(string valueFrom, string? region, string name) =>
        SecretReference.Parse(valueFrom).Should().Be(new StoredParameter(name) { Region = region });

    [Theory]
    [AwsRule("8", Evidence.Doc, "secrets of Secrets Manager and of the Parameter Store are variables")]
    [InlineData("", null, null, null)]
    [InlineData(":key::", "key", null, null)]
    [InlineData("::stage:", null, "stage", null)]
    [InlineData(":key::version", "key", null, "version")]
    public void Reference_to_a_secret_may_name_a_member_and_a_version(string rest, string? key, string? stage, string? version) =>
        SecretReference.Parse(Managed + rest).Should().Be(new ManagedSecret(Managed, key, stage, version) { Region = "eu-west-1" });

    /// <summary>Answers of Secrets Manager and the Parameter Store.</summary>
    private static (int Status, string Body) Answer(ReceivedRequest request)
    {
        var body = JsonDocument.Parse(request.Body).RootElement;
        if (request.Headers["X-Amz-Target"] == "secretsmanager.GetSecretValue")
        {
            return body.GetProperty("SecretId").GetString() == Managed
                ? (200, """{"Name":"db","SecretString":"{\"user\":\"me\",\"port\":5432}"}""")
                : (400, """{"__type":"ResourceNotFoundException","Message":"Secrets Manager can't find the specified secret."}""");
        }

        request.Headers["X-Amz-Target"].Should().Be("AmazonSSM.GetParameter");
        body.GetProperty("WithDecryption").GetBoolean().Should().BeTrue();
        var name = body.GetProperty("Name").GetString();
        return name switch
        {
            "missing" => (400, """{"__type":"com.amazonaws.ssm#ParameterNotFound","message":""}"""),
            "broken" => (503, "later"),
            "nul" => (200, """{"Parameter":{"Name":"nul","Value":"a\u0000b"}}"""),
            "half" => (200, """{"Parameter":{"Name":"half","Value":"\ud800"}}"""),
            _ => (200, $$$"""{"Parameter":{"Name":"{{{name}}}","Value":"of {{{name}}}"}}"""),
        };
    }

    private static async Task<TestServer> StartAsync(string executor, string url)
    {
        if (executor == "docker")
        {
            await DockerTestEngine.ImageAsync();
        }

        Assert.SkipWhen(OperatingSystem.IsWindows(), "The command is for a POSIX shell.");
        var server = await TestServer.StartAsync(("executor", executor), ("secrets-endpoint", url));
        await server.CreateQueueAsync("work");
        return server;
    }

    private static async Task<string> SubmitAsync(
        TestServer server, string executor, string script, params (string Name, string ValueFrom)[] secrets)
    {
        var image = executor == "docker" ? await DockerTestEngine.ImageAsync() : "any";
        await server.OkAsync("RegisterJobDefinition", JsonSerializer.Serialize(new
        {
            jobDefinitionName = "d",
            type = "container",
            containerProperties = new
            {
                image,
                command = new[] { "sh", "-c", script },
                executionRoleArn = "arn:aws:iam::123456789012:role/r",
                secrets = secrets.Select(s => new { name = s.Name, valueFrom = s.ValueFrom }),
                resourceRequirements = new[] { new { type = "VCPU", value = "1" }, new { type = "MEMORY", value = "64" } },
            },
        }));
        return await server.SubmitAsync("work", "d");
    }

    private static async Task<string?> OutputAsync(TestServer server, JsonElement job)
    {
        var stream = job.GetProperty("container").GetProperty("logStreamName").GetString();
        var log = (await server.CallLogsAsync("GetLogEvents", $$"""{"logGroupName":"/aws/batch/job","logStreamName":"{{stream}}","startFromHead":true}""")).Ok();
        return log.GetProperty("events").EnumerateArray().Single().GetProperty("message").GetString();
    }
}
