using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Storage;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>ListTagsForResource.</summary>
internal static class ListTagsForResource
{
    public static Wire.ListTagsForResourceResponse Answer(IBatchQueries queries, Scope scope, Wire.ListTagsForResourceRequest request) =>
        new() { Tags = Read(queries, scope, request.ResourceArn!) };

    /// <summary>Returns the tags of a resource, which must exist and be taggable: array children and nodes are not.</summary>
    internal static IReadOnlyDictionary<string, string> Read(IBatchQueries queries, Scope scope, string arn)
    {
        var parsed = Arn.Parse(arn);
        Require(parsed is not null, OpenTexts.InvalidResourceArn(arn));
        var isPartOfJob = parsed!.Type == Arn.JobType && parsed.Name.AsSpan().IndexOfAny(':', '#') >= 0;
        var tags = isPartOfJob ? null : queries.Tags(scope, arn);
        RequireState(tags is not null, OpenTexts.ResourceNotFound(arn));
        return tags!;
    }
}
