using BatchEmulator.Core.Identity;

namespace BatchEmulator.Core.JobDefinitions;

/// <summary>All job definitions: by name, and the deregistered ones by the time of that.</summary>
internal sealed class JobDefinitionCatalog
{
    private readonly Dictionary<(Scope, string Name), JobDefinitionFamily> _families = [];

    private readonly SortedSet<JobDefinition> _inactive = new(Comparer<JobDefinition>.Create(
        static (a, b) => (a.DeregisteredAt, a.Sequence).CompareTo((b.DeregisteredAt, b.Sequence))));

    /// <summary>The revision that has been deregistered for the longest time; null if none has.</summary>
    public JobDefinition? LongestInactive => _inactive.Min;

    public JobDefinitionFamily? Find(Scope scope, string name) => _families.GetValueOrDefault((scope, name));

    public void Save(JobDefinition definition)
    {
        FamilyOf(definition).Save(definition);
        if (definition.DeregisteredAt is not null)
        {
            _inactive.Add(definition);
        }
    }

    public void Purge(JobDefinition definition)
    {
        _inactive.Remove(definition);
        FamilyOf(definition).Purge(definition);
    }

    public void Clear()
    {
        _families.Clear();
        _inactive.Clear();
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
