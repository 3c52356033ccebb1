using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Storage;
using BatchEmulator.Core.Storage.Listings;
using BatchEmulator.Storage.LiteDb.Database;
using LiteDB;

namespace BatchEmulator.Storage.LiteDb.Batch;

/// <summary>Reads committed data, each call in one snapshot.</summary>
internal sealed class LiteDbBatchQueries(BatchFile file) : IBatchQueries
{
    public IReadOnlyList<Tagged<T>> Resources<T>(ResourceKind<T> kind, ResourceQuery query)
        where T : Resource => file.Read(session =>
    {
        var listed = ResourceDocument.Listed(kind, query.Scope);
        var documents = query.Arns is { } arns
            ? arns.Select(arn => session.FindByKey(BatchSchema.Resources, ResourceDocument.OfArn(arn))).OfType<BsonDocument>()
                .Where(document => ResourceDocument.IsIn(document, query.Scope))
            : session.Walk(BatchSchema.Resources, listed.Range.After(listed.Then(query.After)), query.Limit);
        return StoredTags.Add(session, [.. documents.Select(ResourceDocument.Read).OfType<T>()], resource => resource.Arn);
    });

    public IReadOnlyList<Job> Consumers(ConsumerQuery query) => file.Read(session => ConsumerListing.Read(session, query));

    public IReadOnlyList<Tagged<JobDefinition>> JobDefinitions(JobDefinitionQuery query) => file.Read(session =>
        StoredTags.Add(session, DefinitionListing.Read(session, query), definition => definition.Arn));

    // Parts of jobs have no tags.
    public IReadOnlyList<Tagged<Job>> Jobs(Scope scope, IReadOnlyCollection<string> ids) => file.Read(session =>
        StoredTags.Add(session, JobLookup.Find(session, file.Places, scope, ids), job => job.Arn));

    public bool HasClientToken(Scope scope, string token) => file.Read(session =>
        session.FindByKey(BatchSchema.Jobs, JobKeys.OfClientToken(scope, token)) is not null);

    public IReadOnlyList<JobStatus> ChildStatuses(Job arrayParent) => file.Read(session => (IReadOnlyList<JobStatus>)
    [
        .. session.WalkIds(BatchSchema.Jobs, PartSequence.Of(arrayParent.Sequence, 0), PartSequence.Last(arrayParent))
            .Select(JobDocument.StatusOf),
    ]);

    public JobPage ListJobs(JobQuery query) => file.Read(session =>
        query.ArrayJobId is { } array
            ? PartListing.Read(session, file.Places, query, array, specification => specification.ArraySize is not null)
        : query.MultiNodeJobId is { } job
            ? PartListing.Read(session, file.Places, query, job, specification => specification.Nodes is not null)
        : QueueIndexes.Of(session, query.JobQueueArn) is { } indexes ? QueueListing.Read(indexes, query)
        : new JobPage([]));

    public EntityCounts Count() => file.Read(session => StoredCounts.Load(session).ToEntityCounts());

    public IReadOnlyDictionary<string, string>? Tags(Scope scope, string arn) => file.Read(session =>
        Exists(session, scope, arn) ? StoredTags.Of(session, arn) : null);

    private bool Exists(LiteDbSession session, Scope scope, string arn) => Arn.Parse(arn) is { Type: Arn.JobType or Arn.ServiceJobType } id
        ? id.Scope == scope
            && JobLookup.Find(session, file.Places, scope, id.Name) is { } job
            && job.IsService == (id.Type == Arn.ServiceJobType)
        : session.FindByKey(BatchSchema.Resources, ResourceDocument.OfArn(arn)) is { } resource ? ResourceDocument.IsIn(resource, scope)
        : session.FindByKey(BatchSchema.Definitions, DefinitionDocument.OfArn(arn)) is { } definition
            && DefinitionDocument.IsIn(definition, scope);
}
