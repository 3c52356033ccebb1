using System.Globalization;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Storage;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>Common parts of listing jobs and listing service jobs: filters, the requested status, and places in the listing.</summary>
internal static class JobListing
{
    public const string OneFilter = "Only one filter key-value pair can be specified.";

    /// <param name="queries">Committed data.</param>
    /// <param name="scope">Scope of the queue.</param>
    /// <param name="given">Name or ARN of the queue.</param>
    public static JobQueue FindQueue(IBatchQueries queries, Scope scope, string given)
    {
        var found = queries.Resources(JobQueue.Row, new ResourceQuery(scope, [Arn.Resolve(scope, Arn.JobQueueType, given)], 0, 1));
        RequireState(found.Count == 1, JobQueueRules.NotFound(given));
        return found[0].Value;
    }

    /// <param name="filters">Filters of the caller.</param>
    /// <param name="kinds">Names of filters that the operation supports.</param>
    /// <param name="unknownName">Refusal of any other name.</param>
    public static JobFilter? Filter(
        IReadOnlyList<Wire.KeyValuesPair>? filters, IReadOnlyDictionary<string, JobFilterKind> kinds, string unknownName)
    {
        if (filters is not { Count: > 0 })
        {
            return null;
        }

        Require(filters.Count == 1, OneFilter);
        Require(filters[0].Values is { Count: 1 }, OpenTexts.OneFilterValue);
        var value = filters[0].Values![0];
        Require(kinds.TryGetValue(filters[0].Name ?? "", out var kind), unknownName);
        Require(
            kind is not (JobFilterKind.BeforeCreatedAt or JobFilterKind.AfterCreatedAt)
                || long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _),
            OpenTexts.FilterTime(filters[0].Name));
        return new JobFilter(kind, value);
    }

    /// <summary>
    /// Returns the status to list. Filters list every status; only those of shares combine with one. RUNNING is the default.
    /// </summary>
    public static JobStatus? Status(string? given, JobFilter? filter) =>
        filter is { Kind: not (JobFilterKind.ShareIdentifier or JobFilterKind.QuotaShareName) } ? null
        : given is not null ? JobStatusWords.Parse(given)
        : filter is null ? JobStatus.Running
        : null;

    /// <summary>Returns the requested page, of jobs that were read one further than it, and the token of the next page.</summary>
    public static (IReadOnlyList<Job> Page, string? NextToken) Cut(string listing, JobPage found, int pageSize) =>
        found.StoppedAt is { } place && found.Jobs.Count <= pageSize
            ? (found.Jobs, Token(listing, place))
            : Paging.Cut(found.Jobs, pageSize, last => Token(listing, JobPlace.Of(last)));

    public static JobPlace? After(string listing, string? token)
    {
        if (Paging.Place(listing, token) is not { } place)
        {
            return null;
        }

        var parts = place.Split(':', 3);
        var (sequence, createdAt) = (0L, 0L);
        Require(parts.Length == 3 && IsNumber(parts[0], out sequence) && IsNumber(parts[1], out createdAt), OpenTexts.NextToken);
        return new JobPlace(sequence, createdAt, parts[2]);
    }

    private static bool IsNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static string Token(string listing, JobPlace place) =>
        Paging.Token(listing, string.Create(CultureInfo.InvariantCulture, $"{place.Sequence}:{place.CreatedAt}:{place.JobName}"));
}
