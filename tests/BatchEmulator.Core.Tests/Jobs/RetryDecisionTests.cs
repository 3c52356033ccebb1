using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Tests.Jobs;

/// <summary>Retry evaluation (docs/aws-behaviour.md, section 5.9).</summary>
[Trait("Section", "5.9")]
public sealed class RetryDecisionTests
{
    [Theory]
    [AwsRule("5.9", Evidence.Doc, "in order; all that an entry names must match; the first match decides")]
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
    public void Condition_matches_if_all_its_members_match(
        string? onStatusReason, string? onReason, string? onExitCode, string statusReason, string? reason, int? exitCode, bool matches)
    {
        // A match exits; otherwise the job is retried.
        var strategy = new Wire.RetryStrategy
        {
            Attempts = 2,
            EvaluateOnExit = [new() { OnStatusReason = onStatusReason, OnReason = onReason, OnExitCode = onExitCode, Action = "exit" }],
        };

        RetryDecision.Retries(strategy, [Attempt(statusReason, reason, exitCode)]).Should().Be(!matches);
    }

    [Fact]
    [AwsRule("5.9", Evidence.Doc, "no match: retry")]
    public void Without_a_match_the_job_is_retried()
    {
        var strategy = new Wire.RetryStrategy { Attempts = 2, EvaluateOnExit = [new() { OnExitCode = "3", Action = "exit" }] };

        RetryDecision.Retries(strategy, [Attempt("Essential container in task exited", null, 4)]).Should().BeTrue();
        RetryDecision.Retries(strategy with { EvaluateOnExit = [] }, [Attempt("Essential container in task exited", null, 3)]).Should()
            .BeTrue();
    }

    [Theory]
    [AwsRule("5.9", Evidence.Doc, "the action in any case")]
    [InlineData("retry", true)]
    [InlineData("RETRY", true)]
    [InlineData("exit", false)]
    [InlineData("Exit", false)]
    public void Action_is_read_in_any_case(string action, bool retries)
    {
        var strategy = new Wire.RetryStrategy { Attempts = 2, EvaluateOnExit = [new() { OnReason = "*", Action = action }, new() { OnReason = "*", Action = "exit" }] };

        RetryDecision.Retries(strategy, [Attempt("x", null, 1)]).Should().Be(retries);
    }

    [Fact]
    [AwsRule("5.9", Evidence.Doc, "attempts are all tries")]
    public void Attempts_is_the_total_number_of_attempts()
    {
        var failed = Attempt("x", null, 1);

        RetryDecision.Retries(new() { Attempts = 3 }, [failed, failed]).Should().BeTrue();
        RetryDecision.Retries(new() { Attempts = 3 }, [failed, failed, failed]).Should().BeFalse();
    }

    [Fact]
    [AwsRule("5.9", Evidence.Doc, "the submission's strategy replaces the definition's as a whole")]
    public void Strategy_of_the_submission_replaces_that_of_the_definition_as_a_whole()
    {
        var emulation = new Emulation().Ready();
        emulation.Define(
            "retried",
            r => r with { RetryStrategy = new() { Attempts = 5, EvaluateOnExit = [new() { OnExitCode = "1", Action = "exit" }] } });

        var own = emulation.Job(emulation.Submit(with: r => r with { JobDefinition = "retried" })).Specification.RetryStrategy!;
        var other = emulation.Job(emulation.Submit(with: r => r with { JobDefinition = "retried", RetryStrategy = new() { Attempts = 2 } })).Specification.RetryStrategy!;

        (own.Attempts, own.EvaluateOnExit!.Count).Should().Be((5, 1));
        (other.Attempts, other.EvaluateOnExit!.Count).Should().Be((2, 0));
    }

    [Fact]
    [AwsRule("5.9", Evidence.Doc, "in order; all that an entry names must match; the first match decides")]
    [AwsRule("5.9", Evidence.Client, "`*` matches a reason that is not there")]
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
