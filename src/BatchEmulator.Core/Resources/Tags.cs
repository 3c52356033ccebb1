namespace BatchEmulator.Core.Resources;

/// <summary>Tags of resources.</summary>
public static class Tags
{
    /// <summary>No tags.</summary>
    public static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    /// <summary>
    /// Returns tags as a patch leaves them: a value sets a tag, null removes one. Tags stay in the order in which they were added.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Patched(
        IReadOnlyDictionary<string, string> tags, IReadOnlyDictionary<string, string?> patch)
    {
        var patched = new OrderedDictionary<string, string>(tags);
        foreach (var (key, value) in patch)
        {
            if (value is null)
            {
                patched.Remove(key);
            }
            else
            {
                patched[key] = value;
            }
        }

        return patched;
    }
}
