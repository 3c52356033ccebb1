using System.Text.Json;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Storage;
using BatchEmulator.Core.Storage.Listings;
using BatchEmulator.Storage.Sqlite.Database;

namespace BatchEmulator.Storage.Sqlite.Batch;

/// <summary>Reads committed data, on read-only connections beside the writer.</summary>
/// <param name="path">Path of the file.</param>
/// <param name="onPrepare">Called with the text of each statement on its first use.</param>
internal sealed class SqliteBatchQueries(string path, Action<string>? onPrepare = null) : IBatchQueries, IDisposable
{
    private static readonly IReadOnlyDictionary<string, string> NoTags = new Dictionary<string, string>();
    private readonly ReaderPool _readers = new(path, onPrepare);

    public IReadOnlyList<Job> Consumers(ConsumerQuery query) => _readers.Read(reader => ConsumerListing.Read(reader, query));

    public IReadOnlyList<Tagged<JobDefinition>> JobDefinitions(JobDefinitionQuery query) => _readers.Read(reader =>
    {
        var found = new List<Tagged<JobDefinition>>();
        if (query.Arns is { } arns)
        {
            var byArn = reader.Prepare(
                $"SELECT document FROM job_definition WHERE arn = $1 AND scope = $2 AND active <> {DefinitionRow.Purged}", 2);
            foreach (var arn in arns)
            {
                Collect(reader, byArn, found, arn, ScopeText.Of(query.Scope));
            }

            return found;
        }

        foreach (var (statement, values) in DefinitionListing.Ranges(reader, query))
        {
            if (found.Count < query.Limit)
            {
                Collect(reader, statement, found, [.. values, query.Limit - found.Count]);
            }
        }

        return found;
    });

    public IReadOnlyList<Tagged<Job>> Jobs(Scope scope, IReadOnlyCollection<string> ids) => _readers.Read(reader =>
    {
        var byId = reader.Prepare($"{JobRow.Select} WHERE j.id = $1 AND s.scope = $2", 2);
        var byIndex = reader.Prepare(
            $"""
            {JobRow.Select} WHERE j.sequence = (SELECT sequence FROM job WHERE id = $1) + $2
              AND j.parent = (SELECT sequence FROM job WHERE id = $1) AND s.scope = $3
            """,
            3);
        var found = new List<Tagged<Job>>(ids.Count);
        foreach (var id in ids)
        {
            var rows = JobIds.ParsePart(id) is (var parent, var index)
                ? byIndex.Rows(JobRow.Read, parent, PartSequence.Of(0, index), ScopeText.Of(scope))
                : byId.Rows(JobRow.Read, id, ScopeText.Of(scope));
            found.AddRange(
                rows.Where(job => job.Id == id)
                    .Select(job => new Tagged<Job>(job, job.ParentId is null ? TagsOf(reader, job.Arn) : NoTags)));
        }

        return (IReadOnlyList<Tagged<Job>>)found;
    });

    public bool HasClientToken(Scope scope, string token) => _readers.Read(reader =>
        reader.Prepare("SELECT 1 FROM job_specification WHERE client_token = $1 AND scope = $2", 2)
            .Number(token, ScopeText.Of(scope)) is not null);

    public IReadOnlyList<JobStatus> ChildStatuses(Job arrayParent) => _readers.Read(reader =>
        (IReadOnlyList<JobStatus>)reader
            .Prepare("SELECT status FROM job WHERE sequence BETWEEN $1 AND $2 ORDER BY sequence", 2)
            .Rows(row => (JobStatus)row.GetInt32(0), PartSequence.Of(arrayParent.Sequence, 0), PartSequence.Last(arrayParent)));

    public JobPage ListJobs(JobQuery query) => _readers.Read(reader =>
        query.ArrayJobId is { } array ? PartListing.Read(reader, query, array, specification => specification.ArraySize is not null)
        : query.MultiNodeJobId is { } job ? PartListing.Read(reader, query, job, specification => specification.Nodes is not null)
        : QueueIndexes.Of(reader, query.JobQueueArn) is { } indexes ? QueueListing.Read(indexes, query)
        : new JobPage([]));

    public IReadOnlyDictionary<string, string>? Tags(Scope scope, string arn) => _readers.Read(reader =>
    {
        var exists = Arn.Parse(arn) is { Type: Arn.JobType or Arn.ServiceJobType } job
            ? reader.Prepare(
                "SELECT 1 FROM job j JOIN job_specification s USING (sequence) "
                    + "WHERE j.id = $1 AND s.scope = $2 AND (j.service IS NOT NULL) = $3",
                3)
                .Number(job.Name, ScopeText.Of(scope), job.Type == Arn.ServiceJobType ? 1 : 0) is not null
                && job.Scope == scope
            : reader.Prepare(
                $"""
                SELECT 1 FROM resource WHERE arn = $1 AND scope = $2
                UNION ALL SELECT 1 FROM job_definition WHERE arn = $1 AND scope = $2 AND active <> {DefinitionRow.Purged}
                """,
                2)
                .Number(arn, ScopeText.Of(scope)) is not null;
        return exists ? TagsOf(reader, arn) : null;
    });

    public EntityCounts Count() => _readers.Read(reader =>
    {
        var jobs = Enum.GetValues<JobStatus>().ToDictionary(s => s.Wire(), _ => 0L);
        foreach (var (status, count) in reader.Prepare("SELECT status, count(*) FROM job GROUP BY status", 0)
            .Rows(r => ((JobStatus)r.GetInt32(0), r.GetInt64(1))))
        {
            jobs[status.Wire()] = count;
        }

        var resources = ResourceKinds.All.ToDictionary(kind => kind.PluralName, _ => 0L);
        foreach (var (kind, count) in reader.Prepare("SELECT kind, count(*) FROM resource GROUP BY kind", 0)
            .Rows(r => (r.GetInt32(0), r.GetInt64(1))))
        {
            resources[BatchLoader.KindOf(kind).PluralName] = count;
        }

        var definitions = reader.Prepare($"SELECT count(*) FROM job_definition WHERE active <> {DefinitionRow.Purged}", 0).Number()!.Value;
        return new EntityCounts(resources, definitions, jobs);
    });

    public void Dispose() => _readers.Dispose();

    public IReadOnlyList<Tagged<T>> Resources<T>(ResourceKind<T> kind, ResourceQuery query)
        where T : Resource => _readers.Read(reader =>
    {
        var documents = new List<string>();
        if (query.Arns is { } arns)
        {
            var byArn = reader.Prepare("SELECT document FROM resource WHERE arn = $1 AND scope = $2 AND kind = $3", 3);
            foreach (var arn in arns)
            {
                documents.AddRange(byArn.Rows(r => r.GetString(0), arn, ScopeText.Of(query.Scope), kind.Number));
            }
        }
        else
        {
            var listing = reader.Prepare(
                "SELECT document FROM resource WHERE kind = $1 AND scope = $2 AND sequence > $3 ORDER BY sequence LIMIT $4", 4);
            documents.AddRange(listing.Rows(r => r.GetString(0), kind.Number, ScopeText.Of(query.Scope), query.After, query.Limit));
        }

        return (IReadOnlyList<Tagged<T>>)[.. documents.Select(kind.Read).Select(r => new Tagged<T>(r, TagsOf(reader, r.Arn)))];
    });

    private static void Collect(
        ReaderPool.Reader reader, SqliteStatement statement, List<Tagged<JobDefinition>> found, params ReadOnlySpan<object?> values)
    {
        foreach (var document in statement.Rows(r => r.GetString(0), values))
        {
            var definition = JsonSerializer.Deserialize(document, StoredJson.Documents.StoredJobDefinition)!;
            found.Add(new(definition, TagsOf(reader, definition.Arn)));
        }
    }

    private static IReadOnlyDictionary<string, string> TagsOf(ReaderPool.Reader reader, string arn)
    {
        var texts = reader.Prepare("SELECT tags FROM tag WHERE arn = $1", 1).Rows(r => r.GetString(0), arn);
        return texts.Count == 0 ? NoTags : JsonSerializer.Deserialize(texts[0], StoredJson.Documents.IReadOnlyDictionaryStringString)!;
    }
}
