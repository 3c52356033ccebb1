using BatchEmulator.Core.Identity;

namespace BatchEmulator.Core.JobDefinitions;

/// <summary>All job definitions: by name, and those that are deregistered by how long they have been so.</summary>
internal sealed class JobDefinitionCatalog
{
    private readonly Dictionary<(Scope, string Name), JobDefinitionFamily> _families = [];

    /// <summary>Deregistered revisions, the one that has been so for the longest first.</summary>
    public PriorityQueue<JobDefinition, (DateTimeOffset, long)> Inactive { get; } = new();

    public JobDefinitionFamily? Find(Scope scope, string name) => _families.GetValueOrDefault((scope, name));

    public void Save(JobDefinition definition)
    {
        FamilyOf(definition).Save(definition);
        if (definition.DeregisteredAt is { } at)
        {
            Inactive.Enqueue(definition, (at, definition.Sequence));
        }
    }

    public void Purge(JobDefinition definition) => FamilyOf(definition).Purge(definition);

    public void Clear()
    {
        _families.Clear();
        Inactive.Clear();
    }

    private JobDefinitionFamily FamilyOf(JobDefinition definition)
    {
        var key = (definition.Scope, definition.Name);
        if (!_families.TryGetValue(key, out var family))
        {
            _families[key] = family = new JobDefinitionFamily();
        }

        return family;
    }
}
