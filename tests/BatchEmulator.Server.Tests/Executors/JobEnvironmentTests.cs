using BatchEmulator.Server.Tests.Executors.Docker;

namespace BatchEmulator.Server.Tests.Executors;

/// <summary>Environment of a job, independent of its executor (docs/aws-behaviour.md, section 8).</summary>
[Trait("Section", "8")]
public sealed class JobEnvironmentTests
{
    private const string Script =
        "for name in JOB_ID JOB_ATTEMPT CE_NAME JQ_NAME JOB_ARRAY_INDEX JOB_ARRAY_SIZE; do eval \"echo $name=\\${AWS_BATCH_$name-unset}\"; done; exit 1";

    [Theory]
    [AwsRule("8", Evidence.Doc,
        "AWS_BATCH_JOB_ID, AWS_BATCH_JOB_ATTEMPT, AWS_BATCH_CE_NAME, AWS_BATCH_JQ_NAME, as containers and as processes")]
    [AwsRule("8", Evidence.Doc, "AWS_BATCH_JOB_ARRAY_INDEX, AWS_BATCH_JOB_ARRAY_SIZE in children")]
    [InlineData("docker")]
    [InlineData("process")]
    public async Task Job_and_child_have_their_ids_in_the_environment(string executor)
    {
        var image = executor == "docker" ? await DockerTestEngine.ImageAsync() : "any";
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The command is for a POSIX shell.");
        await using var server = await TestServer.StartAsync(("executor", executor));
        await server.CreateQueueAsync("work");
        await server.RegisterAsync("d", image, "sh", "-c", Script);

        var job = await server.SubmitAsync("work", "d", "\"retryStrategy\":{\"attempts\":2}");
        var array = await server.SubmitAsync("work", "d", "\"arrayProperties\":{\"size\":2}");

        await server.WaitForAsync(job, "FAILED");
        await server.WaitForAsync($"{array}:1", "FAILED");
        (await OutputAsync(server, job, attempt: 0)).Should().Equal(
            $"JOB_ID={job}", "JOB_ATTEMPT=1", "CE_NAME=work", "JQ_NAME=work", "JOB_ARRAY_INDEX=unset", "JOB_ARRAY_SIZE=unset");
        (await OutputAsync(server, job, attempt: 1)).Should().Equal(
            $"JOB_ID={job}", "JOB_ATTEMPT=2", "CE_NAME=work", "JQ_NAME=work", "JOB_ARRAY_INDEX=unset", "JOB_ARRAY_SIZE=unset");
        (await OutputAsync(server, $"{array}:1", attempt: 0)).Should().Equal(
            $"JOB_ID={array}:1", "JOB_ATTEMPT=1", "CE_NAME=work", "JQ_NAME=work", "JOB_ARRAY_INDEX=1", "JOB_ARRAY_SIZE=2");
    }

    /// <summary>Returns the output of an attempt, from the stream that DescribeJobs names.</summary>
    private static async Task<IEnumerable<string?>> OutputAsync(TestServer server, string job, int attempt)
    {
        var stream = (await server.DescribeAsync(job))
            .GetProperty("attempts")[attempt]
            .GetProperty("container")
            .GetProperty("logStreamName")
            .GetString();
        var body = $$"""{"logGroupName":"/aws/batch/job","logStreamName":"{{stream}}","startFromHead":true}""";
        using var patience = new CancellationTokenSource(TestServer.Patience);
        while (true)
        {
            var events = (await server.CallLogsAsync("GetLogEvents", body)).Ok().GetProperty("events");
            if (events.GetArrayLength() >= 6)
            {
                return events.EnumerateArray().Select(e => e.GetProperty("message").GetString());
            }

            await Task.Delay(20, patience.Token);
        }
    }
}
