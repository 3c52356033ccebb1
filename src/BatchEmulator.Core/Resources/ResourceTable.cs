using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace BatchEmulator.Core.Resources;

/// <summary>The resources of one kind.</summary>
internal abstract class ResourceTable
{
    public abstract IEnumerable<Resource> All { get; }

    public abstract Resource? Find(string arn);

    /// <returns>The resource as it was before; null if it is new.</returns>
    public abstract Resource? Save(Resource resource);

    public abstract void Remove(Resource resource);

    public abstract void Clear();
}

/// <summary>The resources of one kind by ARN.</summary>
internal sealed class ResourceTable<T> : ResourceTable, IReadOnlyDictionary<string, T>
    where T : Resource
{
    private readonly Dictionary<string, T> _rows = new(StringComparer.Ordinal);

    public override IEnumerable<Resource> All => _rows.Values;

    public int Count => _rows.Count;

    public IEnumerable<string> Keys => _rows.Keys;

    public IEnumerable<T> Values => _rows.Values;

    public T this[string key] => _rows[key];

    public override Resource? Find(string arn) => _rows.GetValueOrDefault(arn);

    public override Resource? Save(Resource resource)
    {
        var before = _rows.GetValueOrDefault(resource.Arn);
        _rows[resource.Arn] = (T)resource;
        return before;
    }

    public override void Remove(Resource resource) => _rows.Remove(resource.Arn);

    public override void Clear() => _rows.Clear();

    public bool ContainsKey(string key) => _rows.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value) => _rows.TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<string, T>> GetEnumerator() => _rows.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
