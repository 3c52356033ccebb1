using System.Text.Json;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Storage;
using BatchEmulator.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace BatchEmulator.Storage.Sqlite.Batch;

/// <summary>Writes the changes of one turn as rows. Several changes of one job become one row: only the last of them is visible.</summary>
internal sealed class BatchWriter(SqliteConnection connection) : IDisposable
{
    private readonly SqliteStatement _saveResource = new(
        connection,
        "INSERT INTO resource (sequence, kind, scope, arn, document) VALUES ($1, $2, $3, $4, $5) "
            + "ON CONFLICT (sequence) DO UPDATE SET document = excluded.document",
        5);

    private readonly SqliteStatement _removeResource = new(connection, "DELETE FROM resource WHERE sequence = $1", 1);

    private readonly SqliteStatement _saveNote = new(
        connection,
        """
        INSERT INTO note (queue, key, text, at) VALUES ((SELECT sequence FROM resource WHERE arn = $1), $2, $3, $4)
        ON CONFLICT (queue, key) DO UPDATE SET text = excluded.text, at = excluded.at
        """,
        4);

    private readonly SqliteStatement _removeNote = new(
        connection, "DELETE FROM note WHERE queue = (SELECT sequence FROM resource WHERE arn = $1) AND key = $2", 2);

    private readonly SqliteStatement _removeNotes = new(connection, "DELETE FROM note WHERE queue = $1", 1);

    private readonly SqliteStatement _saveDefinition = new(
        connection,
        """
        INSERT INTO job_definition (sequence, scope, name, revision, active, arn, document) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (sequence) DO UPDATE SET active = excluded.active, document = excluded.document
        """,
        7);

    /// <summary>The row stays, so that the revision's number is never used again.</summary>
    private readonly SqliteStatement _purgeDefinition = new(
        connection, $"UPDATE job_definition SET active = {DefinitionRow.Purged}, document = $2 WHERE sequence = $1", 2);

    private readonly SqliteStatement _insertJob = new(
        connection,
        """
        INSERT INTO job (sequence, id, queue, status, reason, created, started, stopped, flags, stop_reason, current, attempts,
            children, parent, child_index, blocked, service, share)
        VALUES ($1, $2, (SELECT sequence FROM resource WHERE arn = $3), $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
        """,
        18);

    private readonly SqliteStatement _insertSpecification = new(
        connection,
        """
        INSERT INTO job_specification (sequence, scope, name, definition, document, client_token, created, queue, definition_sequence)
        VALUES ($1, $2, $3, $4, $5, $6, $7,
            (SELECT queue FROM job WHERE sequence = $1), (SELECT sequence FROM job_definition WHERE arn = $4))
        """,
        7);

    private readonly SqliteStatement _insertConsumer = new(
        connection, "INSERT INTO consumer (resource, job, status, name) VALUES ($1, $2, $3, $4)", 4);

    private readonly SqliteStatement _updateConsumer = new(connection, "UPDATE consumer SET status = $2 WHERE job = $1", 2);

    private readonly SqliteStatement _updateJob = new(
        connection,
        """
        UPDATE job SET status = $2, reason = $3, started = $4, stopped = $5, flags = $6, stop_reason = $7, current = $8, attempts = $9,
            children = $10, blocked = $11, service = $12
        WHERE sequence = $1
        """,
        12);

    private readonly SqliteStatement _patchTags = new(
        connection,
        """
        INSERT INTO tag (arn, tags) VALUES ($1, json_patch('{}', $2))
        ON CONFLICT (arn) DO UPDATE SET tags = json_patch(tags, $2)
        """,
        2);

    private readonly SqliteStatement _removeTags = new(connection, "DELETE FROM tag WHERE arn = $1", 1);

    private readonly SqliteStatement _expired = new(
        connection,
        """
        SELECT j.sequence, j.id, s.scope, j.service IS NOT NULL FROM job j JOIN job_specification s USING (sequence)
        WHERE j.stopped < $1 AND j.stopped IS NOT NULL AND j.parent IS NULL LIMIT $2
        """,
        2);

    private readonly SqliteStatement _removeJob = new(connection, "DELETE FROM job WHERE sequence = $1", 1);

    private readonly SqliteStatement _removeChildren = new(connection, "DELETE FROM job WHERE parent = $1", 1);

    private readonly SqliteStatement _removeConsumer = new(connection, "DELETE FROM consumer WHERE job = $1", 1);

    private readonly SqliteStatement _removeSpecification = new(connection, "DELETE FROM job_specification WHERE sequence = $1", 1);

    private readonly SqliteStatement[] _removeEverything =
    [
        .. new[] { "resource", "job_definition", "job", "job_specification", "tag", "note", "consumer" }.Select(
            t => new SqliteStatement(connection, $"DELETE FROM {t}", 0)),
    ];

    private readonly Dictionary<string, (Job Job, bool IsNew)> _jobs = new(StringComparer.Ordinal);

    public void Write(IReadOnlyList<Change> changes)
    {
        foreach (var change in changes)
        {
            if (change is JobSaved { Value: var job, Previous: var previous })
            {
                _jobs[job.Id] = (job, previous is null || (_jobs.TryGetValue(job.Id, out var earlier) && earlier.IsNew));
            }
            else
            {
                // Other changes are rare; the jobs before them are written first, so that the order of the turn is kept.
                WriteJobs();
                Write(change);
            }
        }

        WriteJobs();
    }

    public void Dispose()
    {
        SqliteStatement[] statements =
        [
            _saveResource, _removeResource, _saveNote, _removeNote, _removeNotes, _saveDefinition, _purgeDefinition, _insertJob,
            _insertSpecification, _insertConsumer, _updateConsumer, _updateJob, _patchTags, _removeTags, _expired, _removeConsumer,
            _removeJob, _removeChildren, _removeSpecification, .. _removeEverything,
        ];
        Array.ForEach(statements, s => s.Dispose());
    }

    private void Write(Change change)
    {
        switch (change)
        {
            case ResourceSaved { Value: var resource }:
                _saveResource.Run(
                    resource.Sequence, resource.Kind.Number, ScopeText.Of(resource.Scope), resource.Arn, resource.Kind.Write(resource));
                break;
            case ResourceRemoved { Value: var resource }:
                _removeResource.Run(resource.Sequence);
                _removeTags.Run(resource.Arn);
                _removeNotes.Run(resource.Sequence);
                break;
            case OrderingNoteSaved { Value: var note }:
                _saveNote.Run(note.JobQueueArn, note.Key, note.Text, note.At.ToUnixTimeMilliseconds());
                break;
            case OrderingNoteRemoved { Value: var note }:
                _removeNote.Run(note.JobQueueArn, note.Key);
                break;
            case JobDefinitionSaved { Value: var definition }:
                Save(definition);
                break;
            case JobDefinitionPurged { Value: var definition }:
                _purgeDefinition.Run(
                    definition.Sequence,
                    JsonSerializer.Serialize(definition with { Specification = new() }, StoredJson.Documents.StoredJobDefinition));
                _removeTags.Run(definition.Arn);
                break;
            case TagsPatched { Arn: var arn, Patch: var patch }:
                _patchTags.Run(arn, JsonSerializer.Serialize(patch, StoredJson.Documents.IReadOnlyDictionaryStringString));
                break;
            case FinishedJobsExpired { Before: var before }:
                Forget(before);
                break;
            case EverythingRemoved:
                Array.ForEach(_removeEverything, s => s.Run());
                break;
            default:
                throw new NotSupportedException(change.GetType().Name);
        }
    }

    private void WriteJobs()
    {
        foreach (var (job, isNew) in _jobs.Values)
        {
            if (isNew)
            {
                Insert(job);
            }
            else
            {
                _updateJob.Run(
                    job.Sequence, (int)job.Status, job.StatusReason, Time(job.StartedAt), Time(job.StoppedAt), JobRow.Flags(job),
                    job.StopReason, JobRow.Current(job), JobRow.Attempts(job), JobRow.Children(job), Time(job.BlockedSince),
                    JobRow.Service(job));
                if (job is { Index: null, Specification.Units.Count: > 0 })
                {
                    _updateConsumer.Run(job.Sequence, (int)job.Status);
                }
            }
        }

        _jobs.Clear();
    }

    private void Insert(Job job)
    {
        var specification = job.Specification;
        var parent = PartSequence.ParentOf(job);
        _insertJob.Run(
            job.Sequence, parent is null ? job.Id : null, specification.JobQueueArn, (int)job.Status, job.StatusReason,
            job.CreatedAt.ToUnixTimeMilliseconds(), Time(job.StartedAt), Time(job.StoppedAt), JobRow.Flags(job), job.StopReason,
            JobRow.Current(job), JobRow.Attempts(job), JobRow.Children(job), parent, job.Index, Time(job.BlockedSince), JobRow.Service(job),
            parent is null ? specification.ShareKey : null);
        if (parent is null)
        {
            _insertSpecification.Run(
                job.Sequence, ScopeText.Of(job.Scope), specification.JobName, specification.JobDefinitionArn ?? "",
                JsonSerializer.Serialize(specification, StoredJson.Documents.JobSpecification), specification.Service?.ClientToken,
                job.CreatedAt.ToUnixTimeMilliseconds());
            foreach (var (resource, _) in specification.Units ?? [])
            {
                _insertConsumer.Run(resource, job.Sequence, (int)job.Status, specification.JobName);
            }
        }
    }

    private void Save(JobDefinition definition) => _saveDefinition.Run(
        definition.Sequence, ScopeText.Of(definition.Scope), definition.Name, definition.Revision,
        DefinitionRow.Of(definition.IsActive), definition.Arn,
        JsonSerializer.Serialize(definition, StoredJson.Documents.StoredJobDefinition));

    private void Forget(DateTimeOffset before)
    {
        var expired = _expired.Rows(
            ExpiredJob, before.ToUnixTimeMilliseconds(), FinishedJobsExpired.MaximumAtOnce);
        foreach (var (sequence, arn) in expired)
        {
            _removeChildren.Run(sequence);
            _removeSpecification.Run(sequence);
            _removeConsumer.Run(sequence);
            _removeTags.Run(arn);
            _removeJob.Run(sequence);
        }
    }

    private static (long Sequence, string Arn) ExpiredJob(SqliteDataReader row)
    {
        var (id, scope) = (row.GetString(1), ScopeText.Parse(row.GetString(2)));
        return (row.GetInt64(0), row.GetBoolean(3) ? Arn.ServiceJob(scope, id) : Arn.Job(scope, id));
    }

    private static long? Time(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();
}
