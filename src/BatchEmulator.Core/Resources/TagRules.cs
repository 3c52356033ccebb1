namespace BatchEmulator.Core.Resources;

/// <summary>What AWS Batch accepts as tags beyond the model's lengths (User Guide, "Tag your AWS Batch resources").</summary>
public static class TagRules
{
    public const int MaximumPerResource = 50;

    public static void Check(IReadOnlyDictionary<string, string>? tags)
    {
        foreach (var key in tags?.Keys ?? [])
        {
            CheckKey(key);
        }
    }

    public static void CheckKey(string key)
    {
        if (key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
        {
            throw ClientException.Invalid(OpenTexts.ReservedTag);
        }
    }
}
