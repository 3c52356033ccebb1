using BatchEmulator.Core.Identity;

namespace BatchEmulator.Core.Storage.Listings;

/// <summary>The filter JOB_DEFINITION: an exact ARN, or a name (with or without a revision) with an optional trailing <c>*</c>.</summary>
internal readonly record struct DefinitionFilter(string Value)
{
    private bool IsArn => Value.StartsWith("arn:", StringComparison.Ordinal);

    private bool HasRevision => Value.Contains(':', StringComparison.Ordinal);

    private Wildcard Name => Wildcard.AtEnd(Value);

    /// <summary>Finds a limited number of the selected revisions.</summary>
    /// <returns>Their places; null if no index has them: the filter is the beginning of a revision's number.</returns>
    public IReadOnlyList<long>? Find(IQueueIndexes indexes, Scope scope, int limit) => (IsArn || Name.IsExact, HasRevision) switch
    {
        (false, true) => null,
        (true, true) => indexes.FindDefinition(Arn.Resolve(scope, Arn.JobDefinitionType, Value)) is { } place ? [place] : [],
        (var isExact, false) => indexes.FindDefinitions(scope, Name.Prefix, !isExact, limit),
    };

    /// <param name="arn">ARN of a definition; empty for a job that has none.</param>
    public bool Selects(string arn)
    {
        if (IsArn)
        {
            return arn == Value;
        }

        var name = arn.AsSpan(arn.IndexOf('/', StringComparison.Ordinal) + 1);
        return Name.Matches(name) || (Name.IsExact && name.StartsWith(Value, StringComparison.Ordinal) && name[Value.Length] == ':');
    }
}
