namespace BatchEmulator.Core.JobDefinitions;

/// <summary>All revisions of one name. Revisions count up and are never reused.</summary>
public sealed class JobDefinitionFamily
{
    private readonly Dictionary<int, JobDefinition> _revisions = [];
    private int _latest;

    public int NextRevision => _latest + 1;

    public JobDefinition? LatestActive { get; private set; }

    public JobDefinition? Find(int revision) => _revisions.GetValueOrDefault(revision);

    /// <summary>Forgets an INACTIVE revision, except for its number.</summary>
    internal void Purge(JobDefinition definition)
    {
        _revisions.Remove(definition.Revision);
        _latest = Math.Max(_latest, definition.Revision);
    }

    internal void Save(JobDefinition definition)
    {
        _revisions[definition.Revision] = definition;
        _latest = Math.Max(_latest, definition.Revision);
        if (definition.IsActive)
        {
            LatestActive = LatestActive is { } latest && latest.Revision > definition.Revision ? latest : definition;
        }
        else if (LatestActive?.Revision == definition.Revision)
        {
            LatestActive = _revisions.Values.Where(d => d.IsActive).MaxBy(d => d.Revision);
        }
    }
}
