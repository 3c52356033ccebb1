using System.Globalization;
using System.Text.RegularExpressions;

namespace BatchEmulator.Core.Jobs;

/// <summary>The forms of job ids: a UUID, <c>uuid:index</c> for an array's child, <c>uuid#index</c> for a node.</summary>
public static partial class JobIds
{
    private const char ChildMark = ':';
    private const char NodeMark = '#';

    public static string Child(string parentId, int index) => Make(parentId, ChildMark, index);

    public static string Node(string jobId, int index) => Make(jobId, NodeMark, index);

    /// <summary>Takes the id of a child or a node apart; null for any other.</summary>
    public static (string ParentId, int Index)? ParsePart(string id)
    {
        var mark = id.AsSpan().IndexOfAny(ChildMark, NodeMark);
        return mark > 0 && int.TryParse(id.AsSpan(mark + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index) && Make(id[..mark], id[mark], index) == id
            ? (id[..mark], index)
            : null;
    }

    public static bool IsWellFormed(string id) => Pattern().IsMatch(id);

    private static string Make(string parentId, char mark, int index) => string.Create(CultureInfo.InvariantCulture, $"{parentId}{mark}{index}");

    [GeneratedRegex(@"\A[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}([:#][0-9]{1,5})?\z", RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
