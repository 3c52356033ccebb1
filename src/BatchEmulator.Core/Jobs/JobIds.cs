using System.Globalization;
using System.Text.RegularExpressions;

namespace BatchEmulator.Core.Jobs;

/// <summary>The forms of job ids: a UUID, <c>uuid:index</c> for an array's child, <c>uuid#index</c> for a node.</summary>
public static partial class JobIds
{
    public static string Child(string parentId, int index) => string.Create(CultureInfo.InvariantCulture, $"{parentId}:{index}");

    /// <summary>Takes the id of a child apart; null for any other.</summary>
    public static (string ParentId, int Index)? ParseChild(string id)
    {
        var colon = id.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && int.TryParse(id.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index) && Child(id[..colon], index) == id
            ? (id[..colon], index)
            : null;
    }

    public static bool IsWellFormed(string id) => Pattern().IsMatch(id);

    [GeneratedRegex(@"\A[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}([:#][0-9]{1,5})?\z", RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
