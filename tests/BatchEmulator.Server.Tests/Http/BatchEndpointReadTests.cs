using System.Text;
using BatchEmulator.Conformance.Storage;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Operations;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Storage;
using BatchEmulator.Hosting.Batch;
using BatchEmulator.Hosting.Engine;
using BatchEmulator.Hosting.Faults;
using BatchEmulator.Hosting.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace BatchEmulator.Server.Tests.Http;

/// <summary>Slow listings do not delay other requests.</summary>
public sealed class BatchEndpointReadTests : IDisposable
{
    private const int Clients = 64;
    private readonly BlockedListings _queries = new();
    private readonly EngineMailbox _mailbox = new();
    private readonly ReadLane _lane = new(1);
    private readonly OperationHost _host;
    private readonly BatchEndpoint _endpoint;

    public BatchEndpointReadTests()
    {
        _host = new(_mailbox, _queries, _lane);
        _endpoint = new(new OperationInvoker(_host), new ApiFaults(), new LargeBodies(), NullLogger<OperationServer>.Instance);
    }

    public void Dispose()
    {
        _queries.Release.Set();
        _lane.Dispose();
        _host.Dispose();
        _queries.Release.Dispose();
    }

    [Fact]
    public async Task Listings_hold_no_threads_and_do_not_delay_submits_that_read()
    {
        // Each of these calls returns at once, while the listing is still pending.
        var listings = Enumerable.Range(0, Clients).Select(_ => SendAsync("listjobs", """{"arrayJobId":"a"}""")).ToList();
        await _queries.Started.Task;
        _lane.Length.Should().Be(Clients - 1, "the others wait");

        // The command of the submission arrives: its reads are done.
        var submit = SendAsync(
            "submitjob", """{"jobName":"j","jobQueue":"q","jobDefinition":"d","dependsOn":[{"jobId":"a"}],"tags":{"a":"1"}}""");
        await _mailbox.Letters.ReadAsync(TestContext.Current.CancellationToken);
        listings.Should().OnlyContain(l => !l.IsCompleted);

        _queries.Release.Set();
        (await Task.WhenAll(listings)).Should().OnlyContain(r => r == StatusCodes.Status200OK);
        submit.IsCompleted.Should().BeFalse("its command is in the mailbox, and is not carried out yet");
    }

    [Fact]
    public async Task Client_that_is_gone_releases_its_place()
    {
        using var gone = new CancellationTokenSource();
        var first = SendAsync("listjobs", """{"arrayJobId":"a"}""");
        await _queries.Started.Task;
        var second = SendAsync("listjobs", """{"arrayJobId":"a"}""", gone.Token);
        _lane.Length.Should().Be(1);

        await gone.CancelAsync();

        await second.Invoking(s => s).Should().ThrowAsync<OperationCanceledException>();
        _lane.Length.Should().Be(0);
        _queries.Release.Set();
        (await first).Should().Be(StatusCodes.Status200OK);
    }

    private async Task<int> SendAsync(string path, string body, CancellationToken aborted = default)
    {
        var context = new DefaultHttpContext { RequestAborted = aborted };
        var bytes = Encoding.UTF8.GetBytes(body);
        (context.Request.Method, context.Request.Path) = ("POST", $"/v1/{path}");
        (context.Request.Body, context.Request.ContentLength) = (new MemoryStream(bytes), bytes.Length);
        context.Response.Body = new MemoryStream();
        await _endpoint.HandleAsync(context, JobPopulation.Scope, "id");
        return context.Response.StatusCode;
    }

    /// <summary>Queries whose listings block until they are released.</summary>
    private sealed class BlockedListings : IBatchQueries
    {
        public TaskCompletionSource Started { get; } = new();

        public ManualResetEventSlim Release { get; } = new();

        public JobPage ListJobs(JobQuery query)
        {
            Started.TrySetResult();
            Release.Wait();
            return new JobPage([]);
        }

        public IReadOnlyList<Tagged<Job>> Jobs(Scope scope, IReadOnlyCollection<string> ids) => [];

        public IReadOnlyList<Tagged<JobDefinition>> JobDefinitions(JobDefinitionQuery query) => [];

        public IReadOnlyList<Job> Consumers(ConsumerQuery query) => [];

        public bool HasClientToken(Scope scope, string token) => false;

        public IReadOnlyList<JobStatus> ChildStatuses(Job arrayParent) => [];

        public IReadOnlyList<Tagged<T>> Resources<T>(ResourceKind<T> kind, ResourceQuery query)
            where T : Resource => [];

        public EntityCounts Count() => throw new NotSupportedException();

        public IReadOnlyDictionary<string, string>? Tags(Scope scope, string arn) => null;
    }
}
