using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Storage;
using BatchEmulator.Storage.LiteDb.Database;
using LiteDB;

namespace BatchEmulator.Storage.LiteDb.Batch;

/// <summary>
/// Numbers of stored resources, definitions and jobs, as a document that every commit updates: LiteDB would have to read all of them.
/// </summary>
internal sealed class StoredCounts
{
    private const string DocumentId = "counts";
    private const string Definitions = "definitions";

    private readonly BsonDocument _document;
    private bool _isChanged;

    private StoredCounts(BsonDocument document) => _document = document;

    public static StoredCounts Load(LiteDbSession session) =>
        new(session.Find(LiteDbSchema.Meta, DocumentId) ?? new BsonDocument { [LiteDbSession.Id] = DocumentId });

    public void AddResources(ResourceKind kind, int change) => Add(OfKind(kind), change);

    public void AddDefinitions(int change) => Add(Definitions, change);

    public void AddJobs(JobStatus status, int change) => Add(OfStatus(status), change);

    /// <summary>Writes the document if a number has changed.</summary>
    public void Save(LiteDbSession session)
    {
        if (_isChanged)
        {
            session.Upsert(LiteDbSchema.Meta, _document);
            _isChanged = false;
        }
    }

    public EntityCounts ToEntityCounts() => new(
        ResourceKinds.All.ToDictionary(kind => kind.PluralName, kind => Of(OfKind(kind))),
        Of(Definitions),
        Enum.GetValues<JobStatus>().ToDictionary(status => status.Wire(), status => Of(OfStatus(status))));

    private static string OfKind(ResourceKind kind) => $"resources{kind.Number}";

    private static string OfStatus(JobStatus status) => $"jobs{(int)status}";

    private long Of(string name) => _document.Number(name) ?? 0;

    private void Add(string name, int change)
    {
        if (change != 0)
        {
            _document[name] = Of(name) + change;
            _isChanged = true;
        }
    }
}
