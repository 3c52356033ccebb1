using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Storage;

namespace BatchEmulator.Core.Operations;

/// <summary>UntagResource: removes tags; unknown keys are ignored.</summary>
internal static class UntagResource
{
    public static IReadOnlyDictionary<string, string> Read(IBatchQueries queries, Scope scope, Wire.UntagResourceRequest request) =>
        ListTagsForResource.Read(queries, scope, request.ResourceArn!);

    public static Wire.UntagResourceResponse Decide(
        Turn turn, Scope scope, Wire.UntagResourceRequest request, IReadOnlyDictionary<string, string> existing)
    {
        var removed = request.TagKeys!.Where(existing.ContainsKey).Distinct().ToDictionary(k => k, string? (_) => null);
        if (removed.Count > 0)
        {
            turn.Record(new TagsPatched(request.ResourceArn!, removed));
        }

        return new();
    }
}
