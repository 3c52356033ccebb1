using BatchEmulator.Core.Identity;
using BatchEmulator.Storage.Sqlite.Database;

namespace BatchEmulator.Storage.Sqlite.Batch;

/// <summary>The filter JOB_DEFINITION: an exact ARN, or a name (with or without a revision) with an optional trailing <c>*</c>.</summary>
internal readonly record struct DefinitionFilter(string Value)
{
    private bool IsArn => Value.StartsWith("arn:", StringComparison.Ordinal);

    private bool IsPrefix => !IsArn && Value.EndsWith('*');

    private bool HasRevision => Value.Contains(':', StringComparison.Ordinal);

    private string Text => IsPrefix ? Value[..^1] : Value;

    /// <summary>The definitions that it selects, at most so many.</summary>
    /// <returns>Null when no index has them: the beginning of a revision's number is asked for.</returns>
    public IReadOnlyList<long>? Find(ReaderPool.Reader reader, Scope scope, int limit) => (IsPrefix, HasRevision) switch
    {
        (true, true) => null,
        (true, false) => Places(
            reader.Prepare("SELECT sequence FROM job_definition WHERE scope = $1 AND name >= $2 AND name < $3 LIMIT $4", 4),
            ScopeText.Of(scope), Text, Text + char.MaxValue, limit),
        (false, true) => Places(
            reader.Prepare("SELECT sequence FROM job_definition WHERE arn = $1", 1), Arn.Resolve(scope, Arn.JobDefinitionType, Value)),
        (false, false) => Places(
            reader.Prepare("SELECT sequence FROM job_definition WHERE scope = $1 AND name = $2 LIMIT $3", 3),
            ScopeText.Of(scope), Text, limit),
    };

    /// <param name="arn">Of a definition; empty for a job that has none.</param>
    public bool Selects(string arn)
    {
        if (IsArn)
        {
            return arn == Value;
        }

        var name = arn.AsSpan(arn.IndexOf('/', StringComparison.Ordinal) + 1);
        return name.StartsWith(Text, StringComparison.Ordinal) && (IsPrefix || name.Length == Text.Length || name[Text.Length] == ':');
    }

    private static List<long> Places(SqliteStatement statement, params ReadOnlySpan<object?> values) =>
        statement.Rows(row => row.GetInt64(0), values);
}
