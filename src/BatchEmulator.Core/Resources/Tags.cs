namespace BatchEmulator.Core.Resources;

/// <summary>Tags of resources.</summary>
public static class Tags
{
    /// <summary>No tags.</summary>
    public static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();
}
