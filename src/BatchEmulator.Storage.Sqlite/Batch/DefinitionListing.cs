using BatchEmulator.Core.Storage;
using BatchEmulator.Storage.Sqlite.Database;

namespace BatchEmulator.Storage.Sqlite.Batch;

/// <summary>Pages of job definitions: by name, of each name the newest revision first.</summary>
internal static class DefinitionListing
{
    /// <summary>
    /// Statements whose results are the listing, one after the other, each along an index: the rest of the name at which the last page
    /// ended, then the names behind it. Their last parameter bounds the number of rows.
    /// </summary>
    public static IEnumerable<(SqliteStatement Statement, object?[] Values)> Ranges(ReaderPool.Reader reader, JobDefinitionQuery query)
    {
        var scope = ScopeText.Of(query.Scope);
        // The parameter of the status exists without one, too.
        var status = query.IsActive is { } isActive ? (object)DefinitionRow.Of(isActive) : null;
        var condition = status is null ? $"active <> {DefinitionRow.Purged} AND $2 IS NULL" : "active = $2";
        var listed = $"SELECT document FROM job_definition WHERE scope = $1 AND {condition}";
        var (name, after) = (query.Name, query.After);
        if (after is var (lastName, lastRevision) && (name is null || name == lastName))
        {
            yield return (
                reader.Prepare($"{listed} AND name = $3 AND revision < $4 ORDER BY revision DESC LIMIT $5", 5),
                [scope, status, lastName, lastRevision]);
        }

        if (name is null)
        {
            // No name is empty.
            yield return (
                reader.Prepare($"{listed} AND name > $3 ORDER BY name, revision DESC LIMIT $4", 4), [scope, status, after?.Name ?? ""]);
        }
        else if (after is null || string.CompareOrdinal(name, after.Value.Name) > 0)
        {
            yield return (reader.Prepare($"{listed} AND name = $3 ORDER BY revision DESC LIMIT $4", 4), [scope, status, name]);
        }
    }
}
