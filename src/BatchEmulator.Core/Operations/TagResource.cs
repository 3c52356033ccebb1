using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Storage;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>TagResource: sets tags; others are unchanged.</summary>
internal static class TagResource
{
    public static IReadOnlyDictionary<string, string> Read(IBatchQueries queries, Scope scope, Wire.TagResourceRequest request) =>
        ListTagsForResource.Read(queries, scope, request.ResourceArn!);

    public static Wire.TagResourceResponse Decide(
        Turn turn, Scope scope, Wire.TagResourceRequest request, IReadOnlyDictionary<string, string> existing)
    {
        TagRules.Check(request.Tags);
        Require(
            existing.Keys.Union(request.Tags!.Keys).Count() <= TagRules.MaximumPerResource,
            OpenTexts.TooManyTags);
        turn.Record(new TagsPatched(request.ResourceArn!, request.Tags!.ToDictionary(t => t.Key, string? (t) => t.Value)));
        return new();
    }
}
