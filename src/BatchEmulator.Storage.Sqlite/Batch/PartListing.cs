using System.Text.Json;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Storage;
using BatchEmulator.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace BatchEmulator.Storage.Sqlite.Batch;

/// <summary>Pages of the children of an array, or the nodes of a job, by index.</summary>
internal static class PartListing
{
    /// <param name="reader">Reader of the database.</param>
    /// <param name="query">The parts to list.</param>
    /// <param name="parentId">Id of the job that has the parts.</param>
    /// <param name="isAskedFor">Returns true if a job has parts of the listed kind.</param>
    public static JobPage Read(ReaderPool.Reader reader, JobQuery query, string parentId, Func<JobSpecification, bool> isAskedFor)
    {
        var scope = ScopeText.Of(query.Scope);
        var parents = reader
            .Prepare(
                "SELECT j.sequence, s.document FROM job j JOIN job_specification s USING (sequence) WHERE j.id = $1 AND s.scope = $2", 2)
            .Rows(row => (Sequence: row.GetInt64(0), Document: row.GetString(1)), parentId, scope);
        if (parents is not [var (parent, document)])
        {
            return new JobPage([]);
        }

        var shared = JsonSerializer.Deserialize(document, StoredJson.Documents.JobSpecification)!;
        if (!isAskedFor(shared))
        {
            return new JobPage([]);
        }

        // Parts follow their parent in the total order, by index: without a status, that order is walked (the plus keeps SQLite from
        // another index).
        var index = query.After is { } place ? PartSequence.IndexOf(parent, place.Sequence) : -1;
        return new(query.Status is { } status
            ? reader
                .Prepare(
                    $"{JobRow.SelectPart} WHERE j.parent = $3 AND j.status = $4 AND j.child_index > $5 ORDER BY j.child_index LIMIT $6", 6)
                .Rows(Part, scope, parentId, parent, (int)status, index, query.Limit)
            : reader
                .Prepare(
                    $"{JobRow.SelectPart} WHERE +j.parent = $3 AND j.sequence > $4 AND j.sequence <= $5 ORDER BY j.sequence LIMIT $6", 6)
                .Rows(Part, scope, parentId, parent, PartSequence.Of(parent, index), PartSequence.Last(parent, shared.Parts), query.Limit));

        Job Part(SqliteDataReader row) => JobRow.Read(row, shared);
    }
}
