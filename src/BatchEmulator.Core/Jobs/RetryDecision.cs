using System.Globalization;
using BatchEmulator.Core.Identity;

namespace BatchEmulator.Core.Jobs;

/// <summary>
/// Whether a failed attempt is followed by another (User Guide, "Automated job retries"): conditions are tried in order, an entry matches
/// when all that it names match, the first match decides, and without a match the job is retried.
/// </summary>
internal static class RetryDecision
{
    /// <param name="strategy">The job's strategy; without one there is a single attempt.</param>
    /// <param name="attempts">All finished attempts, the failed one last.</param>
    public static bool Retries(Wire.RetryStrategy? strategy, IReadOnlyList<Attempt> attempts)
    {
        if (attempts.Count >= (strategy?.Attempts ?? 1))
        {
            return false;
        }

        var match = strategy!.EvaluateOnExit?.FirstOrDefault(c => Matches(c, attempts[^1]));
        return match is null || string.Equals(match.Action, Wire.RetryAction.Retry, StringComparison.OrdinalIgnoreCase);
    }

    private static bool Matches(Wire.EvaluateOnExit condition, Attempt attempt) =>
        IsMatch(condition.OnStatusReason, attempt.StatusReason)
        && IsMatch(condition.OnReason, attempt.Reason)
        && IsMatch(condition.OnExitCode, attempt.ExitCode?.ToString(CultureInfo.InvariantCulture));

    /// <summary>
    /// A <c>*</c> stands for anything, and alone also for an absent text. Those of container jobs may have it at the end only, which is
    /// seen to when they are submitted; those of service jobs anywhere (User Guide, "Service job retry strategies in AWS Batch").
    /// </summary>
    private static bool IsMatch(string? pattern, string? text) =>
        string.IsNullOrEmpty(pattern) || pattern == "*" || (text is not null && Wildcard.Anywhere(pattern).Matches(text));
}
