using System.Globalization;
using BatchEmulator.Core.Identity;

namespace BatchEmulator.Core.Jobs;

/// <summary>
/// Decides if a failed attempt is retried (User Guide, "Automated job retries"): conditions are tried in order, an entry matches if all its
/// members match, the first match decides, and without a match the job is retried.
/// </summary>
internal static class RetryDecision
{
    /// <param name="strategy">Strategy of the job; without one there is a single attempt.</param>
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
    /// Matches a text with a pattern. A <c>*</c> matches anything, and alone also an absent text. Patterns of container jobs may have it at
    /// the end only, as validated at their submission; those of service jobs anywhere (User Guide, "Service job retry strategies in AWS
    /// Batch").
    /// </summary>
    private static bool IsMatch(string? pattern, string? text) =>
        string.IsNullOrEmpty(pattern) || pattern == "*" || (text is not null && Wildcard.Anywhere(pattern).Matches(text));
}
