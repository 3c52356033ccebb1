namespace BatchEmulator.Core.Tests.ServiceJobs;

/// <summary>Submissions of service jobs that are refused (docs/aws-behaviour.md, section 11).</summary>
public sealed class ServiceJobSubmissionTests
{
    private readonly Emulation _emulation = new Emulation().ReadyForServiceJobs();

    [Theory]
    [InlineData("""{"jobName":"a b"}""", "Job name should match valid pattern")]
    [InlineData("""{"schedulingPriority":10000}""", "Scheduling priority must be between 0 and 9999.")]
    [InlineData("""{"retryStrategy":{"attempts":11}}""", "RetryAttempts must be between 1 and 10.")]
    [InlineData("""{"retryStrategy":{"attempts":2,"evaluateOnExit":[{},{},{},{},{},{}]}}""", "Up to 5 evaluateOnExit condition can be specified.")]
    [InlineData("""{"timeoutConfig":{"attemptDurationSeconds":59}}""", "AttemptDurationSeconds in Timeout must be at least 60 seconds.")]
    [InlineData("""{"quotaShareName":"a"}""", OpenTexts.QuotaShareOfServiceJob)]
    [InlineData("""{"preemptionConfiguration":{"preemptionRetriesBeforeTermination":1}}""", OpenTexts.QuotaShareOfServiceJob)]
    [InlineData("""{"shareIdentifier":"a"}""", OpenTexts.ShareOfServiceJob)]
    [InlineData("""{"jobQueue":"nope"}""", "JobQueue nope not found.")]
    public void Submission_is_refused(string change, string text)
    {
        var submit = () => _emulation.Call(Wire.Operations.SubmitServiceJob, Json.Patched(Requests.ServiceJob(), change));

        submit.Should().Throw<ClientException>().WithMessage(text);
    }

    [Fact]
    public void Long_texts_are_refused()
    {
        _emulation.Invoking(e => e.SubmitService(with: r => r with { ServiceRequestPayload = new string('x', 10_241) })).Should()
            .Throw<ClientException>()
            .WithMessage(OpenTexts.ServicePayloadLength);
        _emulation.Invoking(e => e.SubmitService(with: r => r with
        {
            RetryStrategy = new() { Attempts = 2, EvaluateOnExit = [new() { OnStatusReason = new string('x', 513) }] },
        })).Should().Throw<ClientException>().WithMessage("Evaluate on exit condition cannot exceed 512 characters.");
    }

    [Fact]
    public void Submission_with_a_token_that_was_used_is_refused()
    {
        string Submit() => _emulation.SubmitService(with: r => r with { ClientToken = "once" });
        var id = Submit();
        _emulation.Invoking(_ => Submit()).Should().Throw<ClientException>().WithMessage(OpenTexts.ClientTokenUsed);
        _emulation.Restart();
        _emulation.Invoking(_ => Submit()).Should().Throw<ClientException>();
        _emulation.Succeed(id);

        _emulation.Invoking(_ => Submit()).Should().Throw<ClientException>("the job is finished, but not forgotten");
        _emulation.SubmitService(with: r => r with { ClientToken = "twice" }).Should().NotBe(id);
    }
}
