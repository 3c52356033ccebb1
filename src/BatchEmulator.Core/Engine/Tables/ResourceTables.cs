using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Engine.Tables;

/// <summary>The resources that exist, a table for each kind.</summary>
internal sealed class ResourceTables
{
    private readonly Dictionary<Type, ResourceTable> _tables = [];

    /// <summary>All resources, of whatever kind.</summary>
    public IEnumerable<Resource> All => _tables.Values.SelectMany(table => table.All);

    /// <summary>Returns the resources of one kind by ARN.</summary>
    public ResourceTable<T> Of<T>()
        where T : Resource
    {
        if (!_tables.TryGetValue(typeof(T), out var table))
        {
            _tables[typeof(T)] = table = new ResourceTable<T>();
        }

        return (ResourceTable<T>)table;
    }

    /// <summary>Finds a resource by ARN, of whatever kind.</summary>
    public Resource? Find(string arn)
    {
        foreach (var table in _tables.Values)
        {
            if (table.Find(arn) is { } resource)
            {
                return resource;
            }
        }

        return null;
    }

    /// <returns>The resource as it was before; null if it is new.</returns>
    public Resource? Save(Resource resource)
    {
        if (!_tables.TryGetValue(resource.GetType(), out var table))
        {
            _tables[resource.GetType()] = table = resource.Kind.CreateTable();
        }

        return table.Save(resource);
    }

    public void Remove(Resource resource)
    {
        if (_tables.TryGetValue(resource.GetType(), out var table))
        {
            table.Remove(resource);
        }
    }

    public void Clear()
    {
        foreach (var table in _tables.Values)
        {
            table.Clear();
        }
    }
}
