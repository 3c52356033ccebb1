using System.Buffers;
using System.Text;
using System.Text.Json;
using BatchEmulator.Contract;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Operations;
using BatchEmulator.Core.Storage;

namespace BatchEmulator.Core.Tests.Operations;

public sealed class OperationInvokerTests
{
    private readonly Emulation _emulation = new Emulation().Ready();

    [Fact]
    public async Task Command_whose_reads_are_stale_is_prepared_again()
    {
        var first = _emulation.Submit();
        var host = new Interposed(_emulation, () => _emulation.Succeed(first));

        var reply = await new OperationInvoker(host).InvokeAsync(
            Wire.Operations.SubmitJob,
            Emulation.Scope,
            new() { JobName = "second", JobQueue = "q", JobDefinition = "d", DependsOn = [new() { JobId = first }] },
            TestContext.Current.CancellationToken);

        host.Executions.Should().Be(2);
        _emulation.State.Jobs.Should().ContainKey(reply.JobId!);
        _emulation.StatusesOf(reply.JobId!).Should().HaveElementAt(0, Core.Jobs.JobStatus.Submitted);
    }

    [Fact]
    public async Task Request_that_breaks_a_constraint_of_the_model_reaches_neither_store_nor_engine()
    {
        var host = new Interposed(_emulation, () => throw new InvalidOperationException("nothing is to be executed"));

        var invoke = () => new OperationInvoker(host).InvokeAsync(Wire.Operations.SubmitJob, Emulation.Scope, new() { JobName = "j" });

        await invoke.Should().ThrowAsync<ClientException>().WithMessage("jobQueue is required.");
        host.Preparations.Should().Be(0);
    }

    [Fact]
    public void Every_operation_of_the_model_is_implemented() =>
        OperationRegistry.All.Select(handler => handler.Operation.Name).Should()
            .BeEquivalentTo(Wire.Operations.All.Select(operation => operation.Name)).And.HaveCount(48);

    [Fact]
    public async Task Json_is_answered_with_json()
    {
        var id = _emulation.Submit();

        var reply = await InvokeAsync("DescribeJobs", $$"""{"jobs":["{{id}}"]}""");

        JsonDocument.Parse(reply).RootElement.GetProperty("jobs")[0].GetProperty("jobId").GetString().Should().Be(id);
    }

    [Theory]
    [InlineData(null, "resourceArn is required.")]
    [InlineData("arn:aws:batch:eu-central-1:123456789012:job-queue/q", "tags is required.")]
    public async Task Members_of_the_URI_are_bound(string? arn, string refusal) =>
        await FluentActions.Awaiting(() => InvokeAsync("TagResource", "{}", new Labels(arn))).Should().ThrowAsync<ClientException>()
            .WithMessage(refusal);

    [Fact]
    public async Task Missing_body_is_an_empty_object() =>
        await FluentActions.Awaiting(() => InvokeAsync("SubmitJob", "")).Should().ThrowAsync<ClientException>()
            .WithMessage("jobName is required.");

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{} {}")]
    [InlineData("""{"jobName":1}""")]
    [InlineData("""{"jobName":"\ud800"}""")]
    [InlineData("""{"parameters":{"\udfff":"x"}}""")]
    public async Task Body_that_does_not_conform_to_the_model_is_refused(string body) =>
        await FluentActions.Awaiting(() => InvokeAsync("SubmitJob", body)).Should().ThrowAsync<JsonException>();

    private async Task<byte[]> InvokeAsync(
        string operation, string body, IUriMembers? uri = null) => await new OperationInvoker(_emulation).InvokeAsync(
        OperationRegistry.All.Single(handler => handler.Operation.Name == operation),
        Emulation.Scope,
        new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(body)),
        uri ?? new Labels(null),
        TestContext.Current.CancellationToken);

    /// <summary>A host that intervenes between the preparation of the first command and its execution.</summary>
    private sealed class Interposed(IOperationHost host, Action meanwhile) : IOperationHost
    {
        public int Preparations { get; private set; }

        public int Executions { get; private set; }

        public Task<T> QueryAsync<T>(Func<IBatchQueries, T> read, CancellationToken cancellationToken) =>
            host.QueryAsync(read, cancellationToken);

        public ValueTask<T> PrepareAsync<T>(Func<IBatchQueries, T> read, CancellationToken cancellationToken)
        {
            Preparations++;
            return host.PrepareAsync(read, cancellationToken);
        }

        public Task<TReply?> ExecuteAsync<TReply>(Command<TReply> command, CancellationToken cancellationToken)
            where TReply : class
        {
            if (Executions++ == 0)
            {
                meanwhile();
            }

            return host.ExecuteAsync(command, cancellationToken);
        }
    }

    private sealed class Labels(string? label) : IUriMembers
    {
        public string? Label(string name) => label;

        public IReadOnlyList<string>? Query(string name) => null;
    }
}
