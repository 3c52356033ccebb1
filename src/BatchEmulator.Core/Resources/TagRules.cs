using System.Text.RegularExpressions;

namespace BatchEmulator.Core.Resources;

/// <summary>Validates tags beyond the lengths of the model (User Guide, "Tag your AWS Batch resources").</summary>
internal static partial class TagRules
{
    public const int MaximumPerResource = 50;

    public static void Check(IReadOnlyDictionary<string, string>? tags)
    {
        foreach (var (key, value) in tags ?? None)
        {
            CheckKey(key);
            CheckCharacters(key, "TagKey");
            CheckCharacters(value, "TagValue");
        }
    }

    public static void CheckKey(string key)
    {
        if (key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
        {
            throw ClientException.Invalid(OpenTexts.ReservedTag);
        }
    }

    private static IReadOnlyDictionary<string, string> None { get; } = new Dictionary<string, string>();

    private static void CheckCharacters(string text, string what)
    {
        if (!AllowedPattern().IsMatch(text))
        {
            throw ClientException.BadRequest($"'{text}' is not a valid value for {what} - it contains illegal characters");
        }
    }

    /// <summary>User Guide, "Tag restrictions": letters, numbers, spaces and a few signs.</summary>
    [GeneratedRegex(@"\A[\p{L}\p{M}\p{N}\s+\-=._:/@]*\z", RegexOptions.NonBacktracking)]
    private static partial Regex AllowedPattern();
}
