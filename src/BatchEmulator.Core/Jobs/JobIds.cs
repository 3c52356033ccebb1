using System.Globalization;
using System.Text.RegularExpressions;
using BatchEmulator.Core.Identity;

namespace BatchEmulator.Core.Jobs;

/// <summary>Forms of job ids: a UUID, <c>uuid:index</c> for an array's child, <c>uuid#index</c> for a node.</summary>
public static partial class JobIds
{
    private const char ChildMark = ':';
    private const char NodeMark = '#';

    public static string Child(string parentId, int index) => Make(parentId, ChildMark, index);

    public static string Node(string jobId, int index) => Make(jobId, NodeMark, index);

    /// <summary>Parses the id of a child or a node; null for any other.</summary>
    public static (string ParentId, int Index)? ParsePart(string id)
    {
        var mark = id.AsSpan().IndexOfAny(ChildMark, NodeMark);
        return mark > 0
            && int.TryParse(id.AsSpan(mark + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && Make(id[..mark], id[mark], index) == id
            ? (id[..mark], index)
            : null;
    }

    /// <summary>
    /// Returns the id of a job that a request names by id or by ARN. Other ARNs, and those of other accounts and Regions, are unchanged: no
    /// job has such an id.
    /// </summary>
    /// <param name="scope">Scope of the caller.</param>
    /// <param name="idOrArn">Id or ARN of the request.</param>
    /// <param name="type">ARN type, <see cref="Identity.Arn.JobType"/> or <see cref="Identity.Arn.ServiceJobType"/>.</param>
    public static string Of(Scope scope, string idOrArn, string type = Arn.JobType) =>
        Arn.Parse(idOrArn) is { } arn && arn.Type == type && arn.Scope == scope ? arn.Name : idOrArn;

    public static bool IsWellFormed(string id) => Pattern().IsMatch(id);

    private static string Make(string parentId, char mark, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"{parentId}{mark}{index}");

    [GeneratedRegex(@"\A[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}([:#][0-9]{1,5})?\z", RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
