extern alias Hosting;

using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;
using BatchEmulator.Hosting.Events;
using BatchEmulator.Server.Settings;
using Hosting::BatchEmulator.Outgoing;

namespace BatchEmulator.Server.Tests.Delivery;

public sealed class EventBridgeTests
{
    private const string Taken = """{"FailedEntryCount":0,"Entries":[]}""";

    [Fact]
    public async Task Events_arrive_as_signed_PutEvents_of_ten_entries_at_most_in_order()
    {
        await using var receiver = await EventReceiver.StartAsync(_ => (200, Taken));
        await using var server = await StartAsync(receiver.Url);

        var array = await server.SubmitAsync("default", "d", "\"arrayProperties\":{\"size\":40}");

        await receiver.UntilAsync(accepted => accepted.Sum(r => Entries(r).Count) >= (40 * 4) + 2);
        var lives = receiver.Accepted.SelectMany(Entries).Select(e => JsonDocument.Parse(e.GetProperty("Detail").GetString()!).RootElement)
            .GroupBy(d => d.GetProperty("jobId").GetString()!)
            .ToDictionary(g => g.Key, g => g.Select(d => d.GetProperty("status").GetString()).ToList());
        lives[array].Should().Equal("PENDING", "SUCCEEDED");
        lives.Where(l => l.Key != array).Should().HaveCount(40)
            .And.OnlyContain(l => l.Value.SequenceEqual(new[] { "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED" }));
        receiver.Accepted.Should().OnlyContain(r => Entries(r).Count <= 10).And.Contain(r => Entries(r).Count > 1);
        var request = receiver.Accepted.First();
        request.Headers["X-Amz-Target"].Should().Be("AWSEvents.PutEvents");
        request.Headers["Content-Type"].Should().Be("application/x-amz-json-1.1");
        var entry = Entries(request)[0];
        entry.GetProperty("Source").GetString().Should().Be("aws.batch");
        entry.GetProperty("DetailType").GetString().Should().Be("Batch Job State Change");
        entry.GetProperty("Resources").EnumerateArray().Single().GetString().Should()
            .StartWith("arn:aws:batch:us-east-1:000000000000:job/");
    }

    [Fact]
    public async Task Entries_that_failed_are_sent_again_and_refused_ones_are_not()
    {
        var asked = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        await using var receiver = await EventReceiver.StartAsync(request =>
        {
            var codes = Entries(request).Select(e => e.GetProperty("Detail").GetString()!).Select(detail =>
                detail.Contains("\"status\":\"STARTING\"", StringComparison.Ordinal) ? "NotAuthorizedForSourceException"
                : asked.AddOrUpdate(detail, 1, (_, count) => count + 1) == 1 ? "InternalFailure"
                : null).ToList();
            return (200, JsonSerializer.Serialize(new
            {
                FailedEntryCount = codes.Count(c => c is not null),
                Entries = codes.Select(c => c is null ? (object)new { EventId = "e" } : new { ErrorCode = c, ErrorMessage = "no" }),
            }));
        });
        await using var server = await StartAsync(receiver.Url);

        await server.SubmitAsync("default", "d", "\"arrayProperties\":{\"size\":5}");

        // Three of each child, two of the parent; each of them delivered twice.
        await receiver.UntilAsync(_ => asked.Count == 17 && asked.Values.All(count => count == 2));
        (await WebhookTests.MetricAsync(server, "events_retried_total{target=\"eventbridge\"}")).Should().Be(17);
        (await WebhookTests.MetricAsync(server, "events_dropped_total{target=\"eventbridge\"}")).Should().Be(5);
    }

    [Fact]
    public async Task Call_that_fails_repeats_nothing_of_the_calls_before_it()
    {
        var asked = 0;
        await using var receiver = await EventReceiver.StartAsync(request => ++asked == 2 ? (200, "no JSON") : (200, Taken));
        using var target = new EventBridgeTarget(new Uri(receiver.Url), credentials: null);
        var events = new[] { Event("us-east-1"), Event("eu-west-1"), Event("us-east-1") };

        (await target.SendAsync(events, default)).Should().SatisfyRespectively(
            first => first.Should().BeOfType<DeliveryResult.Delivered>(),
            failed => failed.Should().BeOfType<DeliveryResult.Again>(),
            third => third.Should().BeOfType<DeliveryResult.Delivered>());

        receiver.Accepted.Select(r => r.Headers["Authorization"].Split('/')[2]).Should().Equal("us-east-1", "eu-west-1");
    }

    [Fact]
    public async Task Call_is_within_the_limits_of_PutEvents()
    {
        await using var receiver = await EventReceiver.StartAsync(_ => (200, Taken));
        using var target = new EventBridgeTarget(new Uri(receiver.Url), credentials: null);
        var events = Enumerable.Range(0, 10).Select(_ => Event("us-east-1", reason: new string('"', 20_000))).ToList();

        (await target.SendAsync(events, default)).Should().HaveCount(10).And.OnlyContain(r => r is DeliveryResult.Delivered);

        receiver.Accepted.Select(r => Entries(r).Count).Should().Equal(5, 5);
        receiver.Accepted.Should().OnlyContain(r => Entries(r).Sum(e => e.GetProperty("Detail").GetString()!.Length) < 256 * 1024);
    }

    [Fact]
    public void Signature_is_the_documented_one()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://127.0.0.1:4566/");
        var body = "{}"u8.ToArray();
        var at = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

        AwsSignature.Sign(request, body, "AWSEvents.PutEvents", "eu-west-1", "events", new AwsCredentials("AKID", "secret", "token"), at);

        // As described in the AWS General Reference, "Create a signed AWS API request".
        const string names = "content-type;host;x-amz-date;x-amz-security-token;x-amz-target";
        var canonical = "POST\n/\n\ncontent-type:application/x-amz-json-1.1\nhost:127.0.0.1:4566\nx-amz-date:20260102T030405Z\n"
            + $"x-amz-security-token:token\nx-amz-target:AWSEvents.PutEvents\n\n{names}\n{Hash(body)}";
        var text = $"AWS4-HMAC-SHA256\n20260102T030405Z\n20260102/eu-west-1/events/aws4_request\n{Hash(Encoding.UTF8.GetBytes(canonical))}";
        var key = "AWS4secret"u8.ToArray();
        foreach (var part in new[] { "20260102", "eu-west-1", "events", "aws4_request" })
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
        request.Headers.GetValues("Authorization").Single().Should().Be(
            $"AWS4-HMAC-SHA256 Credential=AKID/20260102/eu-west-1/events/aws4_request, SignedHeaders={names}, Signature={signature}");
        request.Headers.Host.Should().Be("127.0.0.1:4566");
    }

    [Theory]
    [InlineData("events-webhook", "nowhere")]
    [InlineData("events-endpoint", "ftp://127.0.0.1/")]
    public async Task Invalid_url_stops_the_start(string option, string value)
    {
        var start = async () => await TestServer.StartAsync((option, value));

        (await start.Should().ThrowAsync<SettingsException>()).WithMessage($"--{option} must be a URL such as *, got \"{value}\".");
    }

    private static async Task<TestServer> StartAsync(string endpoint)
    {
        var server = await TestServer.StartAsync(("bootstrap", "true"), ("events-endpoint", endpoint), ("log-level", "error"));
        await server.RegisterAsync("d");
        return server;
    }

    private static JobEvent Event(string region, string? reason = null)
    {
        var job = new Job
        {
            Id = Guid.NewGuid().ToString(),
            Scope = new Scope("000000000000", region),
            Sequence = 1,
            Specification = new JobSpecification
            {
                JobName = "j",
                JobQueueArn = "q",
                JobDefinitionArn = "d",
                Container = new() { Image = "i" },
                Needs = new ResourceAmounts(1000, 64),
            },
            CreatedAt = DateTimeOffset.UnixEpoch,
            Status = JobStatus.Failed,
            StatusReason = reason,
        };
        return JobEvent.Of(job, EventWriter.DetailTypeOf(job), job.CreatedAt, EventWriter.Write(EventWriter.DetailTypeOf(job), job, job.CreatedAt, new Dictionary<string, string>()));
    }

    private static List<JsonElement> Entries(ReceivedRequest request) =>
        [.. JsonDocument.Parse(request.Body).RootElement.GetProperty("Entries").EnumerateArray()];

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
