using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Tests.Jobs;

/// <summary>Section 5.9 of the behaviour reference.</summary>
public sealed class RetryDecisionTests
{
    [Theory]
    [InlineData("Host EC2*", null, null, "Host EC2 (instance i-1) terminated.", null, null, true)]
    [InlineData("Host EC2", null, null, "Host EC2 (instance i-1) terminated.", null, null, false)]
    [InlineData("host ec2*", null, null, "Host EC2 (instance i-1) terminated.", null, null, false)]
    [InlineData(null, "CannotPullContainerError*", null, "Task failed to start", "CannotPullContainerError: x", null, true)]
    [InlineData(null, "*", null, "Task failed to start", null, null, true)]
    [InlineData(null, "Out*", null, "Essential container in task exited", null, 137, false)]
    [InlineData(null, null, "137", "Essential container in task exited", null, 137, true)]
    [InlineData(null, null, "13*", "Essential container in task exited", null, 137, true)]
    [InlineData(null, null, "13", "Essential container in task exited", null, 137, false)]
    [InlineData("Essential*", null, "1", "Essential container in task exited", null, 2, false)]
    public void Condition_matches_when_all_that_it_names_match(
        string? onStatusReason, string? onReason, string? onExitCode, string statusReason, string? reason, int? exitCode, bool matches)
    {
        // A match exits; without one the job is retried.
        var strategy = new Wire.RetryStrategy
        {
            Attempts = 2,
            EvaluateOnExit = [new() { OnStatusReason = onStatusReason, OnReason = onReason, OnExitCode = onExitCode, Action = "exit" }],
        };

        RetryDecision.Retries(strategy, [Attempt(statusReason, reason, exitCode)]).Should().Be(!matches);
    }

    [Fact]
    public void First_match_decides()
    {
        var strategy = new Wire.RetryStrategy
        {
            Attempts = 5,
            EvaluateOnExit = [new() { OnStatusReason = "Host EC2*", Action = "retry" }, new() { OnReason = "*", Action = "exit" }],
        };

        RetryDecision.Retries(strategy, [Attempt("Host EC2 (instance i-1) terminated.", null, null)]).Should().BeTrue();
        RetryDecision.Retries(strategy, [Attempt("Essential container in task exited", null, 1)]).Should().BeFalse();
    }

    [Fact]
    public void Without_a_strategy_there_is_one_attempt() => RetryDecision.Retries(null, [Attempt("x", null, 1)]).Should().BeFalse();

    private static Attempt Attempt(string statusReason, string? reason, int? exitCode) => new()
    {
        TaskArn = "arn",
        StoppedAt = DateTimeOffset.UnixEpoch,
        StatusReason = statusReason,
        Reason = reason,
        ExitCode = exitCode,
    };
}
