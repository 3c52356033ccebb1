using BatchEmulator.Core.Identity;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.JobDefinitions;

/// <summary>Validates a retry strategy; messages are AWS's (User Guide, "Automated job retries").</summary>
internal static class RetryStrategyRules
{
    internal const int MaximumConditions = 5;
    internal const string TooManyConditions = "Up to 5 evaluateOnExit condition can be specified.";
    internal const int MaximumConditionLength = 512;
    internal const string ConditionTooLong = "Evaluate on exit condition cannot exceed 512 characters.";

    /// <summary>Checks a strategy in SubmitJob, for which AWS's message about missing attempts has no full stop.</summary>
    public static void CheckSubmitted(Wire.RetryStrategy? strategy)
    {
        Require(strategy is null or { Attempts: not null }, "RetryAttempts must be provided with retry strategy");
        Check(strategy);
    }

    public static void Check(Wire.RetryStrategy? strategy)
    {
        if (strategy is null)
        {
            return;
        }

        Require(strategy.Attempts is not null, "RetryAttempts must be provided with retry strategy.");
        Require(strategy.Attempts is >= 1 and <= 10, "RetryAttempts must be between 1 and 10.");
        Require((strategy.EvaluateOnExit?.Count ?? 0) <= MaximumConditions, TooManyConditions);
        foreach (var condition in strategy.EvaluateOnExit ?? [])
        {
            Check(condition);
        }
    }

    private static void Check(Wire.EvaluateOnExit condition)
    {
        Require(
            !string.IsNullOrEmpty(condition.OnExitCode)
                || !string.IsNullOrEmpty(condition.OnReason)
                || !string.IsNullOrEmpty(condition.OnStatusReason),
            "EvaluateOnExit should contain at least one of onExitCode, onReason or onStatusReason");
        foreach (var pattern in new[] { condition.OnExitCode, condition.OnReason, condition.OnStatusReason })
        {
            Require(pattern is null || pattern.Length <= MaximumConditionLength, ConditionTooLong);
        }

        Require(
            IsGlobOf(condition.OnExitCode, char.IsAsciiDigit)
                && IsGlobOf(condition.OnReason, IsOfReason)
                && IsGlobOf(condition.OnStatusReason, IsOfReason),
            "Evaluate on exit condition contains restricted characters.");
    }

    private static bool IsGlobOf(string? pattern, Func<char, bool> allowed) =>
        pattern is null || Wildcard.AtEnd(pattern).Prefix.All(allowed);

    /// <summary>API Reference, EvaluateOnExit.</summary>
    private static bool IsOfReason(char character) =>
        char.IsAsciiLetterOrDigit(character) || character is '.' or ':' || char.IsWhiteSpace(character);

    /// <summary>Returns the echoed form: with a list of conditions, which may be empty.</summary>
    public static Wire.RetryStrategy? Echo(Wire.RetryStrategy? strategy) =>
        strategy is null ? null : strategy with { EvaluateOnExit = strategy.EvaluateOnExit ?? [] };
}
